/**
 * BPF ring buffers, through which the kernel side sends what is rare: single pauses and slow events. One reader, one
 * thread; no content of the memory makes it throw. Depends on {@code io.bpfagent.correlation} for reading words.
 */
package io.bpfagent.correlation.ring;
