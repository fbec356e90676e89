package io.bpfagent.cli.control;

import java.util.List;
import java.util.Map;

/**
 * The answer to {@code probe}: the probes that the user has named.
 *
 * @param free how many more there is room for
 */
public record UserProbesDocument(int schema, List<Entry> probes, int free, Map<String, Long> losses) {

    public UserProbesDocument {
        probes = probes == null ? List.of() : List.copyOf(probes);
        losses = losses == null ? Map.of() : losses;
    }

    /**
     * One probe.
     *
     * @param name of its histogram
     * @param spec as it was asked for
     * @param unit {@code ns}, {@code number} or {@code count}
     * @param detail how it is attached
     * @param count what is in its histogram
     * @param hits of the JVM's threads, begins and ends
     * @param unmatched begins whose end was not seen, or for which there was no room
     * @param nsPerHit what a hit takes in its program, 0 while the kernel does not measure it
     */
    public record Entry(String name, String spec, String unit, String detail, long count, long hits, long unmatched,
        Double nsPerHit) {
    }
}
