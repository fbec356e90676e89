/**
 * What the host's class loader sees of the agent: where the JVM enters it, and the loader of all else.
 *
 * <p>In: the arguments and the jar. Out: the thread {@code bpf-agent}, which runs the agent in a tier of loaders of
 * its own (docs/architecture.md). Thread: that of the JVM that starts or attaches the agent; it returns at once.
 */
package io.bpfagent;
