package io.bpfagent.cli.control;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The answer to {@code probes}.
 *
 * @param wallNs the time that the rates are of
 * @param losses by key, all of them
 */
public record ProbesDocument(int schema, long wallNs, List<Entry> probes, Map<String, Long> losses) {

    public ProbesDocument {
        probes = probes == null ? List.of() : List.copyOf(probes);
        losses = losses == null ? Map.of() : losses;
    }

    /**
     * A probe, or programs that are turned off and on together.
     *
     * @param kind {@code tp_btf}, {@code usdt}, {@code uprobe} or {@code tracepoint}
     * @param sites what its programs are attached to, 0 when they never were
     * @param optional whether it can be turned off
     * @param why why it is off, null when it is on
     * @param metrics what it is there for
     * @param hits since it was attached
     * @param nsPerHit what one costs, entering included
     * @param knownBy {@code kernel}, {@code calibration} or {@code estimate}
     * @param cpuShare of one CPU, 0 to 1
     */
    public record Entry(String name, String kind, int sites, boolean optional, boolean on, String why,
        List<String> metrics, long hits, double hitsPerSecond, double nsPerHit, String knownBy, double cpuShare) {

        public Entry {
            kind = Objects.requireNonNullElse(kind, "?");
            knownBy = Objects.requireNonNullElse(knownBy, "?");
            metrics = metrics == null ? List.of() : List.copyOf(metrics);
        }
    }
}
