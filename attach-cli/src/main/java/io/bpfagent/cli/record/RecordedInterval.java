package io.bpfagent.cli.record;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.bpfagent.cli.control.ContextsDocument;
import io.bpfagent.cli.control.HistogramsDocument;
import io.bpfagent.cli.control.ThreadsDocument;
import java.util.List;

/**
 * What happened between two snapshots.
 *
 * @param number counts them from 1
 * @param fromMs when it began, ms since 1970
 * @param toMs when it ended: where the next one begins
 * @param threads what was added to the times; its losses are those since the agent began
 * @param histograms what was added to them, without those to which nothing was
 * @param pauses those that came, as the agent tells them
 * @param missingPauses how many came that are not among them
 * @param events slow ones, likewise
 * @param disks the agent's document, since it began
 * @param remotes likewise; null where the form has no place for them
 * @param contexts what was added to their times; none where the form has no place for them
 * @param cost what the agent costs, as it tells; null where it was not asked or does not know yet
 */
record RecordedInterval(long number, long fromMs, long toMs, ThreadsDocument threads,
    List<HistogramsDocument.Entry> histograms, JsonArray pauses, long missingPauses, JsonArray events,
    long missingEvents, JsonObject disks, JsonObject remotes, ContextsDocument contexts, JsonObject cost) {

    RecordedInterval {
        histograms = List.copyOf(histograms);
    }
}
