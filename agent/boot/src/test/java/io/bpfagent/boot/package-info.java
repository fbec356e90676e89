/** Tests of what hooks call, on memory of their own and without BPF programs. */
package io.bpfagent.boot;
