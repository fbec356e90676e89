package io.bpfagent.report;

import java.util.List;

/**
 * One probe, or programs that are turned off and on together, in the last five seconds or so.
 *
 * @param name     what it is called where it is turned off and on
 * @param kind     {@code tp_btf}, {@code usdt}, {@code uprobe}, {@code tracepoint}
 * @param sites    instructions or events that its programs are attached to; 0 before it was attached
 * @param optional whether it can be turned off
 * @param asked    whether somebody has said that it is wanted
 * @param on       whether it is attached
 * @param why      why it is not; empty when it is
 * @param metrics  what it is there for; empty of what everything needs
 * @param hits     how often a program of it came to work since the agent began
 * @param wallNs   how long the last five seconds or so was
 * @param windowHits hits in it
 * @param nsPerHit what one costs, entering included
 * @param knownBy  how that is known
 */
public record ProbeCost(String name, String kind, int sites, boolean optional, boolean asked, boolean on,
        String why, List<String> metrics, long hits, long wallNs, long windowHits, double nsPerHit,
        Cost.KnownBy knownBy) {
    public ProbeCost {
        metrics = List.copyOf(metrics);
    }

    /** What it took in the last five seconds or so, ns. */
    public double ns() {
        return windowHits * nsPerHit;
    }

    /** The part of one CPU that it takes. */
    public double cpuShare() {
        return wallNs <= 0 ? 0 : ns() / wallNs;
    }

    /** Hits in a second. */
    public double hitsPerSecond() {
        return wallNs <= 0 ? 0 : windowHits * 1e9 / wallNs;
    }
}
