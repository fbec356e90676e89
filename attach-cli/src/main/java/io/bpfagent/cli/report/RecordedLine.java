package io.bpfagent.cli.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bpfagent.cli.control.ContextsDocument;
import io.bpfagent.cli.control.HistogramsDocument;
import io.bpfagent.cli.control.ThreadsDocument;
import java.util.List;
import java.util.Map;

/** A line of a recording (docs/json.md, record), by its keys there; what was 0 is null where it is no number. */
sealed interface RecordedLine {

    /** The first. */
    record Begin(long atMs, String attachCli, long pid, String name, long intervalNs, JsonElement machine,
        JsonObject status) implements RecordedLine {
    }

    /** What was added in an interval. */
    record Interval(long fromMs, long toMs, long wallNs, List<ThreadsDocument.Entry> threads,
        List<ThreadsDocument.Pool> pools, List<HistogramsDocument.Entry> histograms, List<JsonObject> pauses,
        long missingPauses, List<JsonObject> events, long missingEvents, Disks disks, Remotes remotes,
        List<ContextsDocument.Context> contexts, Map<String, Long> outsideNs, JsonObject cost,
        Map<String, Long> losses) implements RecordedLine {

        public Interval {
            threads = threads == null ? List.of() : threads;
            pools = pools == null ? List.of() : pools;
            histograms = histograms == null ? List.of() : histograms;
            pauses = pauses == null ? List.of() : pauses;
            events = events == null ? List.of() : events;
            contexts = contexts == null ? List.of() : contexts;
        }
    }

    /** The document of disks; of it what a page has. */
    record Disks(JsonElement disks) {
    }

    /** Likewise of connections. */
    record Remotes(JsonElement remotes) {
    }

    /** The last. */
    record End(long atMs, String reason, Map<String, Long> losses) implements RecordedLine {
    }
}
