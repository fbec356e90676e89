/**
 * What hooks in the host's classes call: which context a thread is in, written where the BPF programs read it.
 *
 * <p>In: numbers of contexts, from hooks. Out: each thread's {@code struct context_slot}, and the tables of names and
 * nodes that the agent reads. Thread: whichever of the host's is in a hook; none of it allocates, locks, blocks, logs
 * or loads a class, but for {@link io.bpfagent.boot.ContextRuntime#context} and a thread's first context.
 *
 * <p>The boot loader loads these classes, once for the JVM's life and as the first agent with contexts brought them. So
 * they know nothing of the agent, and what a later agent needs of them is told by
 * {@link io.bpfagent.boot.ContextRuntime#version}.
 */
package io.bpfagent.boot;
