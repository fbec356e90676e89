/**
 * The kernel side as Java sees it: loads the BPF programs through libbpf and maps what they write.
 *
 * <p>In: the object file that {@code bpf-objects} compiled, what is known of the host's HotSpot, and
 * the sizes the user asked for. Out: {@link io.bpfagent.correlation.KernelMemory}, the state of each
 * probe, and one line of error when it cannot be.
 *
 * <p>Loading ({@link io.bpfagent.kernel.ThreadStateLoader}) needs privileges and libbpf; reading
 * ({@link io.bpfagent.kernel.MappedMaps}) needs file descriptors of maps only. They share nothing but
 * {@link io.bpfagent.kernel.MapFds}.
 *
 * <p>One thread, the agent's daemon thread, calls everything here.
 */
package io.bpfagent.kernel;
