/** Tests of slow events, on the kernel's side in Java. */
package io.bpfagent.correlation.slow;
