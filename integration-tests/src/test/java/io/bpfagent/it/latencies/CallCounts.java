package io.bpfagent.it.latencies;

import com.google.gson.JsonObject;
import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** How many calls of each kind were counted. */
final class CallCounts {
    private static final Set<String> CALLS =
            Set.of("file_open", "file_open_failed", "file_sync", "socket_connect", "socket_accept", "dns",
                    "tcp_connect", "tcp_connect_failed", "file_read", "file_write", "socket_read", "socket_write");

    private CallCounts() {}

    /** Of the live threads of that name, by metric, where there are any. As of the last snapshot. */
    static SortedMap<String, Long> ofThread(HostJvm host, String thread) {
        return counts(host.hist(null, null, thread));
    }

    /** Of the pool of that name, likewise. */
    static SortedMap<String, Long> ofPool(HostJvm host, String pool) {
        return counts(host.hist(null, pool, null));
    }

    private static SortedMap<String, Long> counts(JsonObject document) {
        SortedMap<String, Long> counts = new TreeMap<>();
        for (Histogram histogram : Histogram.all(document)) {
            if (CALLS.contains(histogram.metric()) && histogram.count() > 0) {
                counts.put(histogram.metric(), histogram.count());
            }
        }
        return counts;
    }
}
