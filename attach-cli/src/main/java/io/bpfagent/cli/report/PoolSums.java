package io.bpfagent.cli.report;

import io.bpfagent.cli.control.ThreadsDocument;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a pool did, column by column. One thread. */
final class PoolSums {

    private final String name;
    private final Usage usage = new Usage();
    private final Map<String, long[]> series = new HashMap<>();
    private int threads;
    private long ended;

    PoolSums(String name) {
        this.name = name;
    }

    void add(int column, ThreadsDocument.Pool pool) {
        threads = pool.threads();
        ended += pool.ended();
        usage.add(pool.timesNs(), pool.waitedNs(), pool.migrations(), pool.minorFaults(), pool.majorFaults(),
            pool.counters());
        if (pool.timesNs() != null) {
            pool.timesNs().forEach((state, ns) ->
                series.computeIfAbsent(state, any -> new long[TimeColumns.MOST])[column] += ns);
        }
    }

    void halve() {
        series.values().forEach(TimeColumns::halve);
    }

    ReportData.Pool data(List<String> states, TimeColumns columns) {
        Map<String, long[]> cut = new LinkedHashMap<>();
        for (String state : states) {
            if (series.containsKey(state)) {
                cut.put(state, columns.cut(series.get(state)));
            }
        }
        return new ReportData.Pool(name, threads, ended, usage.totalNs(states), usage.waitedNs(), usage.migrations(),
            usage.minorFaults(), usage.majorFaults(), usage.counters(), cut);
    }
}
