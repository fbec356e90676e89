package io.bpfagent.cli.top;

import io.bpfagent.cli.GoldenFiles;
import io.bpfagent.cli.control.ContextsDocument;
import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.control.EventsDocument;
import io.bpfagent.cli.control.PausesDocument;
import io.bpfagent.cli.control.StatusDocument;
import io.bpfagent.cli.control.ThreadsDocument;
import io.bpfagent.cli.text.Title;
import java.time.ZoneId;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What a frame is made of, out of the golden documents. */
final class TopDocuments {

    /** A second after the last of the golden pauses. */
    static final long AT_MS = 1_774_778_598_000L;

    /** As JSON has it, for a replacement. */
    private static final String CLEAR = "\\\\u001b[2J";

    private TopDocuments() {
    }

    static TopData golden() {
        return of(GoldenFiles::read, "threads.json", "pauses.json", "events.json", Map.of());
    }

    /** The golden documents, with those contexts. */
    static TopData withContexts(String file) {
        return golden().with(file == null ? null : Documents.read(GoldenFiles.read(file), ContextsDocument.class));
    }

    /** A JVM of which little is known, and that little with losses. */
    static TopData lossy() {
        return of(GoldenFiles::read, "threads-losses.json", "pauses-no-probes.json", "events-off.json",
            Map.of("missed_wakeups", 1L, "torn_rows", 0L));
    }

    /** The golden documents of a JVM whose every name clears the screen. */
    static TopData steering() {
        return of(file -> GoldenFiles.read(file)
            .replaceAll("\"(name|pool|operation|metric|path|address|host|device|version)\":\"", "$0" + CLEAR)
            .replaceAll("\"(note|reason)\":null", "\"$1\":\"" + CLEAR + "\"")
            .replaceAll("\"losses\":\\{", "$0\"" + CLEAR + "\":7,"),
            "threads.json", "pauses.json", "events.json", Map.of());
    }

    /** The golden documents with another status. */
    static TopData withStatus(String status) {
        TopData data = golden();
        return new TopData(data.title(), data.atMs(), data.zone(), data.threads(), data.pauses(), null, data.events(),
                null,
            Documents.read(status, StatusDocument.class), data.earlierLosses(), null);
    }

    private static TopData of(UnaryOperator<String> read, String threads, String pauses, String events,
        Map<String, Long> earlierLosses) {
        PausesDocument pausesDocument = Documents.read(read.apply(pauses), PausesDocument.class);
        EventsDocument eventsDocument = Documents.read(read.apply(events), EventsDocument.class);
        return new TopData(new Title(4711, "app.jar"), AT_MS, ZoneId.of("Europe/Berlin"),
            Documents.read(read.apply(threads), ThreadsDocument.class),
            Recent.<PausesDocument.Entry>none().plus(pausesDocument), pausesDocument.reason(),
            Recent.<EventsDocument.Entry>none().plus(eventsDocument), eventsDocument.reason(),
            Documents.read(read.apply("status.json"), StatusDocument.class), earlierLosses,
            Documents.read(read.apply("contexts.json"), ContextsDocument.class));
    }
}
