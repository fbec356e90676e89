package io.bpfagent.cli.record;

import com.google.gson.JsonObject;
import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.interval.AgentAnswers;
import java.time.Clock;
import java.util.function.LongSupplier;

/**
 * When the agent takes its snapshots: a document says how long after the agent's beginning its snapshot was taken,
 * and not when that was. It was before the document came; the least of all such bounds is within some milliseconds of
 * the truth as soon as one document has been asked for right after its snapshot. One thread.
 */
final class SnapshotPace {

    private final AgentAnswers agent;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private long beganNs = Long.MAX_VALUE;
    private JsonObject disks;

    SnapshotPace(AgentAnswers agent, Clock clock, LongSupplier nanoTime) {
        this.agent = agent;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /**
     * How long after the agent's beginning its last snapshot was taken, in ns; by the cheapest document that says it.
     */
    long look() {
        disks = JsonRecord.parsed(agent.ask(Request.disks(false)));
        long wallNs = disks.get("wallNs").getAsLong();
        beganNs = Math.min(beganNs, nanoTime.getAsLong() - wallNs);
        return wallNs;
    }

    /** The document of the last look. */
    JsonObject disks() {
        return disks;
    }

    /** When a snapshot was taken, or will be, in ms since 1970. */
    long atMs(long wallNs) {
        return clock.millis() - (nanoTime.getAsLong() - beganNs - wallNs) / 1_000_000;
    }

    /** How long it is until then, in ms; negative when it is over. */
    long untilMs(long wallNs) {
        return (beganNs + wallNs - nanoTime.getAsLong()) / 1_000_000;
    }
}
