package io.bpfagent.cli.control;

import java.util.List;
import java.util.Map;

/**
 * The document of {@code probe PID search}, which this command makes itself.
 *
 * @param probes at most as many as were asked for: USDT first, then functions, then tracepoints, sorted by name
 * @param found how many there are in all
 * @param remarks what could not be looked at, and why
 */
public record ProbesFoundDocument(int schema, List<Entry> probes, int found, List<String> remarks) {

    public ProbesFoundDocument {
        probes = List.copyOf(probes);
        remarks = List.copyOf(remarks);
    }

    /**
     * One probe.
     *
     * @param kind {@code usdt}, {@code uprobe} or {@code tp}
     * @param probe as it is given to {@code probe PID add NAME}
     * @param places that are attached: notes of one name, or functions that differ in their parameters
     * @param arguments how many it has; null for a function's, which are not known
     * @param singleStepped whether it is refused without {@code slow-site=yes}
     * @param flag of the JVM without which it is never hit, null when it needs none
     */
    public record Entry(String kind, String probe, int places, Integer arguments, boolean singleStepped, String flag) {
    }

    /** Out of what the agent's classes have found. */
    public static ProbesFoundDocument of(Map<String, Object> found) {
        String json = Documents.write(Map.of("schema", Documents.SCHEMA, "probes", found.get("probes"),
            "found", found.get("found"), "remarks", found.get("remarks")));
        return Documents.read(json, ProbesFoundDocument.class);
    }
}
