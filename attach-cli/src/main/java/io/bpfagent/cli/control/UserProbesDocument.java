package io.bpfagent.cli.control;

import java.util.List;
import java.util.Map;

/**
 * The answer to {@code probe}: the probes that the user has named.
 *
 * @param failed those given at the agent's start that cannot be had
 * @param free how many more there is room for
 */
public record UserProbesDocument(int schema, List<Entry> probes, List<Failed> failed, int free,
    Map<String, Long> losses) {

    public UserProbesDocument {
        probes = probes == null ? List.of() : List.copyOf(probes);
        failed = failed == null ? List.of() : List.copyOf(failed);
        losses = losses == null ? Map.of() : losses;
    }

    /**
     * One that is not there.
     *
     * @param name of its histogram, if there were one
     * @param spec as it was asked for
     * @param reason why it cannot be had
     */
    public record Failed(String name, String spec, String reason) {
    }

    /**
     * One probe.
     *
     * @param name of its histogram
     * @param spec as it was asked for
     * @param unit {@code ns}, {@code number} or {@code count}
     * @param detail how it is attached
     * @param atMs when it began to count, ms since 1970; null or 0 where that is not told
     * @param count what is in its histogram
     * @param hits of the JVM's threads, begins and ends
     * @param unmatched begins whose end was not seen, or for which there was no room
     * @param nsPerHit what a hit takes in its program, 0 while the kernel does not measure it
     */
    public record Entry(String name, String spec, String unit, String detail, Long atMs, long count, long hits,
        long unmatched, Double nsPerHit) {
    }
}
