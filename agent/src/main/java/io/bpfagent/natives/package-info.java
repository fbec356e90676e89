/**
 * The natives tier: libbpf and libc as Java interfaces, loaded once for the JVM's life.
 *
 * <p>In: the libraries in the jar, or a libbpf that the user names. Out: {@link
 * io.bpfagent.natives.LibBpf} and {@link io.bpfagent.natives.LibC} with raw addresses, and memory
 * to pass to them. Any thread may call; only the agent's daemon thread does.
 *
 * <p>Nothing here may refer to a class of the agent tier, which is collected after a detach.
 */
package io.bpfagent.natives;
