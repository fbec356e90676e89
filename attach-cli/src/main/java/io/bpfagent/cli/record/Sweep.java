package io.bpfagent.cli.record;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bpfagent.cli.control.ContextsDocument;
import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.control.EventsDocument;
import io.bpfagent.cli.control.HistogramsDocument;
import io.bpfagent.cli.control.PausesDocument;
import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.control.ThreadsDocument;
import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import io.bpfagent.cli.interval.AgentAnswers;
import io.bpfagent.cli.interval.ContextsDifference;
import io.bpfagent.cli.interval.HistogramDifference;
import io.bpfagent.cli.interval.ThreadsDifference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All that is asked of one snapshot, and what is known of the one before. One thread.
 *
 * <p>Each document is the difference to the one of the same kind before. So where a snapshot is taken in the middle of
 * a sweep, a histogram reaches further than the times beside it, and the next one begins there: nothing is left out or
 * twice there.
 */
final class Sweep {

    /** Metrics that consist of operations with names. */
    private static final List<String> WITH_OPERATIONS = List.of("vm_operation", "syscall");

    /**
     * The agent's bill is of the last five seconds, and a status is the dearest to answer, for it reads the programs'
     * counters. A tenth less: snapshots come some microseconds early or late.
     */
    private static final long COST_EVERY_NS = 4_500_000_000L;

    /** On a machine where a sweep takes longer than the agent's interval none of them may do. */
    private static final int BEGIN_TRIES = 5;

    private static final Numbered NONE = new Numbered(new JsonArray(), 0, 0, 0);

    private final AgentAnswers agent;
    private final boolean whole;
    private ThreadsDocument threads;
    private ContextsDocument contexts;
    private final Map<String, HistogramsDocument.Entry> histograms = new HashMap<>();
    private Numbered pauses = NONE;
    private Numbered events = NONE;
    /** When the snapshot was taken of which there were histograms last. */
    private long histogramsNs;
    private long number;
    /** When the bill is asked for next, on the clock of the snapshots. */
    private long costDueNs;

    /** Those that came: with the newest's number, and what had been lost without a number by then. */
    private record Numbered(JsonArray listed, long missing, long seen, long lost) {
    }

    /** @param whole whether remotes and the agent's bill are asked for too, which not every form of a recording has */
    Sweep(AgentAnswers agent, boolean whole) {
        this.agent = agent;
        this.whole = whole;
    }

    /**
     * From here on what comes is recorded. All is to be of one snapshot: a pause that is in the histograms of the next
     * one and not in its list would be in neither.
     */
    void begin() {
        for (int tries = 0; tries < BEGIN_TRIES; tries++) {
            readAll();
            if (histogramsNs == threads.wallNs()) {
                return;
            }
        }
    }

    private void readAll() {
        threads = Documents.read(agent.ask(Request.threads(false)), ThreadsDocument.class);
        contexts = contexts();
        pauses = numbered("pauses", Request.pauses(0, 0, 0), NONE, "");
        events = numbered("events", Request.events(0, 0, 0, null, null, null), NONE, EventsDocument.LOST);
        List<HistogramsDocument.Entry> all = new ArrayList<>(histograms(Request.hist(null, null, null, null, false)));
        for (ThreadsDocument.Pool pool : threads.pools()) {
            all.addAll(histograms(Request.hist(null, null, pool.pool(), null, false)));
        }
        for (String metric : WITH_OPERATIONS) {
            all.addAll(histograms(Request.hist(metric, "all", null, null, false)));
        }
        histograms.clear();
        all.forEach(one -> histograms.put(key(one), one));
    }

    /** How long after the agent's beginning the last snapshot was taken of which the times are known, in ns. */
    long wallNs() {
        return threads.wallNs();
    }

    /** Losses since the agent began, as of the last sweep. */
    Map<String, Long> losses() {
        return threads.losses();
    }

    /** How many intervals there have been. */
    long number() {
        return number;
    }

    /**
     * What has happened since the sweep before.
     *
     * @throws CliException with NO_AGENT when it is another agent
     */
    RecordedInterval interval(long fromMs, SnapshotPace pace) {
        ThreadsDocument now = Documents.read(agent.ask(Request.threads(false)), ThreadsDocument.class);
        if (now.wallNs() < threads.wallNs()) {
            throw CliError.NO_AGENT.because(" any more that was recorded: another one has taken its place."
                + " Record again.");
        }
        ThreadsDocument added = ThreadsDifference.of(threads, now);
        List<HistogramsDocument.Entry> all = new ArrayList<>(histograms(Request.hist(null, null, null, null, false)));
        for (String metric : WITH_OPERATIONS) {
            if (all.stream().anyMatch(one -> one.metric().equals(metric) && added(one).count() > 0)) {
                all.addAll(histograms(Request.hist(metric, "all", null, null, false)));
            }
        }
        for (ThreadsDocument.Pool pool : added.pools()) {
            if (ran(pool)) {
                all.addAll(histograms(Request.hist(null, null, pool.pool(), null, false)));
            }
        }
        Numbered newPauses = numbered("pauses", Request.pauses(PausesDocument.KEPT, 0, pauses.seen()), pauses, "");
        Numbered newEvents = numbered("events",
            Request.events(EventsDocument.KEPT, 0, events.seen(), null, null, null), events, EventsDocument.LOST);
        JsonObject remotes = whole ? lean(JsonRecord.parsed(agent.ask(Request.remotes(false)))) : null;
        ContextsDocument nowContexts = contexts();
        JsonObject cost = whole && now.wallNs() >= costDueNs ? cost() : null;
        // All has been answered: only now is it taken for known, so that a sweep that fails leaves nothing out.
        List<HistogramsDocument.Entry> more = all.stream().map(this::added).filter(one -> one.count() > 0).toList();
        all.forEach(one -> histograms.put(key(one), one));
        threads = now;
        ContextsDocument addedContexts = ContextsDifference.of(contexts, nowContexts);
        contexts = nowContexts;
        pauses = newPauses;
        events = newEvents;
        costDueNs = cost != null ? now.wallNs() + COST_EVERY_NS : costDueNs;
        return new RecordedInterval(++number, fromMs, Math.max(fromMs, pace.atMs(now.wallNs())), added, more,
            pauses.listed(), pauses.missing(), events.listed(), events.missing(), lean(pace.disks()), remotes,
            addedContexts, cost);
    }

    private JsonObject cost() {
        JsonElement cost = JsonRecord.parsed(agent.ask(Request.of("status"))).get("cost");
        return cost == null || cost.isJsonNull() ? null : cost.getAsJsonObject();
    }

    /** A pool of which nobody ran has ended no stay: most pools of a large application need not be asked for. */
    private static boolean ran(ThreadsDocument.Pool pool) {
        return pool.timesNs().getOrDefault("running", 0L) + pool.timesNs().getOrDefault("runnable", 0L) > 0;
    }

    private HistogramsDocument.Entry added(HistogramsDocument.Entry now) {
        return HistogramDifference.of(histograms.get(key(now)), now);
    }

    private static String key(HistogramsDocument.Entry one) {
        return one.metric() + '\n' + one.pool() + '\n' + one.operation();
    }

    /** Without any where the form has no place for them, or the agent is of before there were contexts. */
    private ContextsDocument contexts() {
        if (!whole) {
            return ContextsDocument.without("");
        }
        try {
            return Documents.read(agent.ask(Request.contexts(false)), ContextsDocument.class);
        } catch (CliException refused) {
            if (refused.error() == CliError.ANSWER_ERROR) {
                return ContextsDocument.without(refused.getMessage());
            }
            throw refused;
        }
    }

    /** Empty where it is of a metric that is not kept. */
    private List<HistogramsDocument.Entry> histograms(Request request) {
        try {
            HistogramsDocument answer = Documents.read(agent.ask(request), HistogramsDocument.class);
            histogramsNs = answer.wallNs();
            return answer.histograms();
        } catch (CliException refused) {
            if (refused.error() == CliError.ANSWER_ERROR) {
                return List.of();
            }
            throw refused;
        }
    }

    private Numbered numbered(String key, Request request, Numbered before, String lostKey) {
        JsonObject answer = JsonRecord.parsed(agent.ask(request));
        JsonArray listed = answer.getAsJsonArray(key);
        long seen = answer.get("seen").getAsLong();
        JsonObject losses = answer.getAsJsonObject("losses");
        long lost = losses.has(lostKey) ? losses.get(lostKey).getAsLong() : 0;
        long missing = Math.max(0, seen - before.seen() - listed.size())
            + Math.max(0, lost - before.lost());
        return new Numbered(listed, missing, seen, lost);
    }

    /** Without what the line around it has too. */
    private static JsonObject lean(JsonObject document) {
        JsonObject lean = document.deepCopy();
        for (String key : List.of("schema", "interval", "losses")) {
            lean.remove(key);
        }
        return lean;
    }
}
