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
 *
 * <p>As long as nobody has said what may be taken, {@code max-cost} is for what was asked for. Beyond
 * {@link #UNASKED_SHARE} uprobes that nobody has asked for go, dearest first: a trap takes five times as long as
 * any other event, and what a user should have without asking is what is rare in his host.
 */
final class CostGuard {
    static final int PATIENCE_S = 10;
    private static final long PATIENCE_NS = PATIENCE_S * 1_000_000_000L;
    /** Of one CPU: a host that does less is taken to do that much, for of nothing everything is a large part. */
    static final double LEAST_HOST_CPUS = 0.2;
    /** Of the host's CPU time, or of that of {@link #LEAST_UNASKED_CPUS} if it does less. */
    static final double UNASKED_SHARE = 0.01;
    /** Of one CPU: a host that does less would not get back enough for what it would not be told any more. */
    static final double LEAST_UNASKED_CPUS = 0.5;
    private static final String UPROBE = "uprobe";
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
        /** It is to be turned off because nobody has asked for it. */
        TURN_OFF_UNASKED,
        /** Nothing that can be turned off would help: to be said. */
        BASE_IS_OVER
    }

    /** By name, until when. */
    private final Map<String, Long> spared = new HashMap<>();
    private MaxCost maxCost;
    private final Excess excess = new Excess();
    private final Excess unaskedExcess = new Excess();
    private boolean told;
    private double share;
    private ProbeCost dearest;

    /** For how long it has been more than is allowed. */
    private static final class Excess {
        private boolean over;
        private long sinceNs;

        /** @return whether that was longer than patience lasts */
        boolean lasts(boolean isOver, long nowNs, long wallNs) {
            if (isOver && !over) {
                // It has been so since that window began.
                sinceNs = nowNs - wallNs;
            }
            over = isOver;
            return over && nowNs - sinceNs >= PATIENCE_NS;
        }

        /** Patience begins anew. */
        void end() {
            over = false;
        }
    }

    CostGuard(MaxCost maxCost) {
        this.maxCost = maxCost;
    }

    /** From now on. */
    void allow(MaxCost newMaxCost) {
        maxCost = newMaxCost;
        excess.end();
        unaskedExcess.end();
        told = false;
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
        return told && excess.over;
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
        boolean isOver = maxCost.share() > 0 && share > maxCost.share();
        told &= isOver;
        if (excess.lasts(isOver, nowNs, window.wallNs())) {
            dearest = dearest(probes, maxCost.share() * hostNs, nowNs, false);
            if (dearest != null) {
                excess.end();
                return Verdict.TURN_OFF;
            }
            if (!told) {
                told = true;
                return Verdict.BASE_IS_OVER;
            }
        }
        double unaskedNs = UNASKED_SHARE * Math.max(window.hostCpuNs(), LEAST_UNASKED_CPUS * window.wallNs());
        boolean isOverUnasked = !maxCost.given() && window.agentNs() > unaskedNs;
        if (unaskedExcess.lasts(isOverUnasked, nowNs, window.wallNs())) {
            dearest = dearest(probes, unaskedNs, nowNs, true);
            if (dearest != null) {
                unaskedExcess.end();
                return Verdict.TURN_OFF_UNASKED;
            }
        }
        return Verdict.NONE;
    }

    /** Of what may be turned off; null if that is not worth it. */
    private ProbeCost dearest(List<ProbeCost> probes, double allowedNs, long nowNs, boolean unasked) {
        ProbeCost most = null;
        for (ProbeCost probe : probes) {
            boolean candidate = probe.optional() && probe.on() && nowNs >= spared.getOrDefault(probe.name(), nowNs)
                    && (!unasked || !probe.asked() && probe.kind().equals(UPROBE));
            most = candidate && (most == null || probe.ns() > most.ns()) ? probe : most;
        }
        return most != null && most.ns() >= LEAST_PART * allowedNs ? most : null;
    }
}
