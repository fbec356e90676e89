/**
 * The channel over which programs that another process has loaded are handed to this JVM.
 *
 * <p>In and out: packets of a unix socket, each of them one JSON document and file descriptors
 * ({@link io.bpfagent.handover.PacketSocket}), and what a JVM says of itself so that programs can be loaded for it
 * ({@link io.bpfagent.handover.HostFacts}). The JVM listens, for as long as somebody wants to come; who has the
 * privileges connects, and learns from the kernel who listens. Nothing that comes in is trusted by either side.
 *
 * <p>In the JVM the agent's daemon thread calls everything here; in {@code attach-cli}, its main thread.
 */
package io.bpfagent.handover;
