/**
 * From the records of latencies over their limits to {@link io.bpfagent.correlation.SlowEvent}: whose they were, what
 * was waited for, who ended the wait, and in what Java code.
 *
 * <p>In: the ring buffer {@code slow_records}, the rows and names of threads
 * ({@link io.bpfagent.correlation.ThreadLookup}), and stacks, which the JVM is asked for
 * ({@link io.bpfagent.correlation.slow.StackSource}). Out: the last events, into a
 * {@link io.bpfagent.correlation.Snapshot}; the limits, into the mapped memory; and the consumer's position, into the
 * ring.
 *
 * <p>Threads: all belongs to the one reader thread of the agent. Events are immutable. All times are nanoseconds on the
 * clock of the records. Depends on {@code io.bpfagent.correlation}; nothing there depends on this.
 */
package io.bpfagent.correlation.slow;
