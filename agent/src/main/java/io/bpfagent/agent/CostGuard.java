package io.bpfagent.agent;

import io.bpfagent.report.Cost.Window;
import io.bpfagent.report.ProbeCost;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps the agent below {@code max-cost}: says which probe is to be turned off when its share of the host's CPU time
 * has been over that for {@value #PATIENCE_S} s, the dearest first, and then waits as long again. One thread.
 *
 * <p>What everything else needs is never turned off. Where that alone is over, it says so, once.
 */
final class CostGuard {
    static final int PATIENCE_S = 10;
    private static final long PATIENCE_NS = PATIENCE_S * 1_000_000_000L;
    /** Of one CPU: a host that does less is taken to do that much, for of nothing everything is a large part. */
    static final double LEAST_HOST_CPUS = 0.2;
    /** A probe that takes a smaller part of what is allowed is not worth turning off. */
    private static final double LEAST_PART = 0.1;
    /** For so long what could not be turned off is left alone. */
    private static final long SPARED_NS = 60_000_000_000L;

    /** What is to be done. */
    enum Verdict {
        /** Nothing. */
        NONE,
        /** {@link #dearest} is to be turned off. */
        TURN_OFF,
        /** Nothing that can be turned off would help: to be said. */
        BASE_IS_OVER
    }

    /** By name, until when. */
    private final Map<String, Long> spared = new HashMap<>();
    private double maxShare;
    private boolean over;
    private long overSinceNs;
    private boolean told;
    private double share;
    private ProbeCost dearest;

    /** @param maxShare 0.05 is 5 %; 0: everything is allowed */
    CostGuard(double maxShare) {
        this.maxShare = maxShare;
    }

    /** From now on. */
    void allow(double newMaxShare) {
        maxShare = newMaxShare;
        over = false;
        told = false;
    }

    /** What is allowed. */
    double maxShare() {
        return maxShare;
    }

    /** The share that was looked at last, of a host that does at least {@link #LEAST_HOST_CPUS}. */
    double share() {
        return share;
    }

    /** What is to be turned off; null when nothing is. */
    ProbeCost dearest() {
        return dearest;
    }

    /** Whether it was said that nothing could be turned off any more, and it is still so. */
    boolean isBaseOver() {
        return told && over;
    }

    /** After it could not be turned off: others are, if that is worth it, and it is only tried again after a minute. */
    void spare(String probe, long nowNs) {
        spared.put(probe, nowNs + SPARED_NS);
    }

    /**
     * Looks at the last five seconds or so.
     *
     * @param nowNs  when it ended
     * @param window what was taken in it
     * @param probes what single probes took of that
     */
    Verdict look(long nowNs, Window window, List<ProbeCost> probes) {
        dearest = null;
        double hostNs = Math.max(window.hostCpuNs(), LEAST_HOST_CPUS * window.wallNs());
        share = hostNs <= 0 ? 0 : window.agentNs() / hostNs;
        if (maxShare <= 0 || share <= maxShare) {
            over = false;
            told = false;
            return Verdict.NONE;
        }
        if (!over) {
            over = true;
            // It has been so since that window began.
            overSinceNs = nowNs - window.wallNs();
        }
        if (nowNs - overSinceNs < PATIENCE_NS) {
            return Verdict.NONE;
        }
        ProbeCost most = null;
        for (ProbeCost probe : probes) {
            boolean candidate = probe.optional() && probe.on() && nowNs >= spared.getOrDefault(probe.name(), nowNs);
            most = candidate && (most == null || probe.ns() > most.ns()) ? probe : most;
        }
        if (most != null && most.ns() >= LEAST_PART * maxShare * hostNs) {
            dearest = most;
            over = false;
            return Verdict.TURN_OFF;
        }
        if (told) {
            return Verdict.NONE;
        }
        told = true;
        return Verdict.BASE_IS_OVER;
    }
}
