/** Tests of the ring, and the kernel's side of one. */
package io.bpfagent.correlation.ring;
