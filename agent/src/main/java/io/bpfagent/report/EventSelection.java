package io.bpfagent.report;

/**
 * Which slow events are asked for.
 *
 * @param latest how many, how slow, and after which number
 * @param metric the name of a metric, {@link EventSource#BLOCK_IO} for reads and writes of disks, or null for all
 * @param pool   the name of a pool, or null
 * @param thread the name of a thread, or a tid, or null; not both a pool and a thread
 */
public record EventSelection(LatestSelection latest, String metric, String pool, String thread) {
}
