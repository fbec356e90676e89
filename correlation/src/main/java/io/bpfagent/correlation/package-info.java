/**
 * From the kernel's rows and histogram pages to immutable snapshots of where each thread's time went, and of
 * what HotSpot's probes told.
 *
 * <p>In: the mapped memory of the BPF maps ({@link io.bpfagent.correlation.KernelMemory}) and the
 * names of threads ({@link io.bpfagent.correlation.IdentitySource}). Out: one
 * {@link io.bpfagent.correlation.Snapshot} per interval, cumulative since the agent began;
 * {@link io.bpfagent.correlation.Snapshot#minus} gives the interval between two of them. Also out,
 * into the mapped memory: free row and page numbers (supplies) and each row's pool and part in pauses
 * (controls). Single pauses come from {@code io.bpfagent.correlation.pause}, on which nothing here depends;
 * what that needs to know of threads it asks a {@link io.bpfagent.correlation.ThreadLookup}.
 *
 * <p>Threads: {@link io.bpfagent.correlation.Ledger} and all that is package-private belong to the one
 * reader thread of the agent. Everything that can be reached from a snapshot is immutable and may be
 * read by any thread.
 *
 * <p>All times are nanoseconds, all clock values those of CLOCK_MONOTONIC ({@link System#nanoTime}).
 * This package knows nothing of libbpf, of HotSpot or of the reports.
 */
package io.bpfagent.correlation;
