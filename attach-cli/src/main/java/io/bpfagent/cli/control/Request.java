package io.bpfagent.cli.control;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the command asks the agent, one line of JSON.
 *
 * @param verb {@code status}, {@code hist}, {@code threads}, {@code pauses}, {@code disks}, {@code events},
 *     {@code remotes}, {@code contexts}, {@code probe}, {@code probes}, {@code set}, {@code compare} or {@code detach}
 * @param selection what the verb takes beside, by key; null stands for all
 */
public record Request(String verb, Map<String, Object> selection) {

    /** A request that selects nothing. */
    public static Request of(String verb) {
        return new Request(verb, Map.of());
    }

    /** @param interval the last interval instead of everything since the agent began */
    public static Request threads(boolean interval) {
        return new Request("threads", Map.of("interval", interval));
    }

    /** @param interval the last interval instead of everything since the agent began */
    public static Request remotes(boolean interval) {
        return new Request("remotes", Map.of("interval", interval));
    }

    /** @param interval the last interval instead of everything since the agent began */
    public static Request contexts(boolean interval) {
        return new Request("contexts", Map.of("interval", interval));
    }

    /** @param interval the last interval instead of everything since the agent began */
    public static Request disks(boolean interval) {
        return new Request("disks", Map.of("interval", interval));
    }

    /**
     * Histograms; null stands for all.
     *
     * @param operation the name of a VM operation, which the metric {@code vm_operation} can be asked for
     * @param interval the last interval instead of everything since the agent began
     */
    public static Request hist(String metric, String operation, String pool, String thread, boolean interval) {
        Map<String, Object> selection = new LinkedHashMap<>();
        selection.put("metric", metric);
        selection.put("operation", operation);
        selection.put("pool", pool);
        selection.put("thread", thread);
        selection.put("interval", interval);
        return new Request("hist", selection);
    }

    /**
     * Histograms of one context.
     *
     * @param metric a state; null stands for all
     * @param interval the last interval instead of everything since the agent began
     */
    public static Request histOfContext(String metric, String context, boolean interval) {
        Map<String, Object> selection = new LinkedHashMap<>();
        selection.put("metric", metric);
        selection.put("context", context);
        selection.put("interval", interval);
        return new Request("hist", selection);
    }

    /**
     * Pauses.
     *
     * @param last at most so many, the newest
     * @param minNs none that is shorter
     * @param after only those with a greater number; 0 for all
     */
    public static Request pauses(int last, long minNs, long after) {
        Map<String, Object> selection = new LinkedHashMap<>();
        selection.put("last", last);
        selection.put("minNs", minNs);
        selection.put("after", after);
        return new Request("pauses", selection);
    }

    /**
     * Slow events; null stands for all.
     *
     * @param last at most so many, the newest
     * @param minNs none that is shorter
     * @param after only those with a greater number; 0 for all
     */
    public static Request events(int last, long minNs, long after, String metric, String pool, String thread) {
        Map<String, Object> selection = new LinkedHashMap<>();
        selection.put("last", last);
        selection.put("minNs", minNs);
        selection.put("after", after);
        selection.put("metric", metric);
        selection.put("pool", pool);
        selection.put("thread", thread);
        return new Request("events", selection);
    }

    /** Which of these arguments are otherwise in force. */
    public static Request compare(String arguments) {
        return new Request("compare", Map.of("arguments", arguments));
    }

    /** The probes that the user has named. */
    public static Request probes() {
        return probe("list", null, null);
    }

    /** What each probe costs, the agent's own too. */
    public static Request probeCosts() {
        return of("probes");
    }

    /** @param arguments {@code key=value,key=value}, to count from now on */
    public static Request set(String arguments) {
        return new Request("set", Map.of("arguments", arguments));
    }

    /** One more of them. */
    public static Request addProbe(String name, String spec) {
        return probe("add", name, spec);
    }

    /** One of them less. */
    public static Request removeProbe(String name) {
        return probe("remove", name, null);
    }

    private static Request probe(String action, String name, String spec) {
        Map<String, Object> selection = new LinkedHashMap<>();
        selection.put("action", action);
        if (name != null) {
            selection.put("name", name);
        }
        if (spec != null) {
            selection.put("spec", spec);
        }
        return new Request("probe", selection);
    }

    /** Without the line's end. */
    public String toJson() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("schema", Documents.SCHEMA);
        document.put("verb", verb);
        document.putAll(selection);
        return Documents.write(document);
    }
}
