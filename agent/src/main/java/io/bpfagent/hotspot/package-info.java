/**
 * What HotSpot tells about its own threads, read from its memory without stopping it.
 *
 * <p>In: the process's own memory through {@link io.bpfagent.hotspot.OwnMemory}, {@code
 * /proc/self/maps}, the file of libjvm, {@code java.lang.Thread}. Out: {@link
 * io.bpfagent.hotspot.HotSpot}, with what the BPF programs need to know of the JVM (offsets, the place
 * of {@code Thread::_thr_current}, how HotSpot's waits look), and {@link
 * io.bpfagent.hotspot.ThreadIdentities}, which gives every thread its name and kind. What cannot be
 * found is a {@link io.bpfagent.hotspot.Finding} with a reason, never an exception: on another JVM the
 * kernel's numbers go on without it.
 *
 * <p>All of it is called by the agent's daemon thread.
 */
package io.bpfagent.hotspot;
