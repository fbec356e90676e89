package io.bpfagent.agent;

import io.bpfagent.correlation.Snapshot;
import io.bpfagent.export.Exports;
import io.bpfagent.kernel.KernelException;
import io.bpfagent.kernel.ProgramUse;
import io.bpfagent.report.Cost;
import io.bpfagent.report.ProbeCost;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.StringTokenizer;

/**
 * Keeps the bill while the agent is on: draws it up every five seconds, has the kernel measure programs for a moment
 * when something on it is only estimated, and turns off what is too dear. One thread; the cost is read by any.
 *
 * <p>Between two bills it costs a comparison at each look.
 */
final class CostKeeper implements AutoCloseable {
    /** A shorter time says little; and the bill is not to be what costs. */
    private static final long USUAL_NS = 4_900_000_000L;
    /** The same for the first bill, and while the agent costs too much. */
    private static final long SHORT_NS = 950_000_000L;
    /** However long the interval is: what is too dear is to be seen within the patience of {@link CostGuard}. */
    private static final long MOST_NS = 5_000_000_000L;
    /** For how long the kernel measures. */
    private static final long MEASURE_NS = 100_000_000L;
    /** Between two measurements, when nothing is wrong; what begins and ends one stops all CPUs for microseconds. */
    private static final long REST_NS = 60_000_000_000L;
    /** The same when the agent costs too much. */
    private static final long SHORT_REST_NS = 4_000_000_000L;
    /** In all. */
    private static final int MOST_MEASUREMENTS = 50;
    /** What takes less of a CPU need not be known better. */
    private static final double WORTH_MEASURING = 0.0005;
    /** For so long without a way out, an agent goes that was told what it may take. */
    private static final long LAST_PATIENCE_NS = 60_000_000_000L;
    private static final String SEE = " See TROUBLESHOOTING.md, \"Cost over max-cost\".";
    private static final String SEE_PROBE = " See TROUBLESHOOTING.md, \"Probe turned off\".";

    private final Session session;
    private final Log log;
    private final Bill bill = new Bill();
    private final CostGuard guard;
    private final long startCpuNs = threadCpuNs();
    private final Thread own = Thread.currentThread();
    private MaxCost maxCost;
    private Thread other;
    /** Null while there are none. */
    private Exports exports;
    private AutoCloseable measuring;
    private List<ProgramUse> measuredFrom;
    private long measuredNs;
    private int measurements;
    private long baseOverNs;
    private String note;
    private boolean noteIsOfBase;
    private volatile Cost cost;

    /** To be made by the thread that reads snapshots, before the first. */
    CostKeeper(Session session, MaxCost maxCost, Log log) {
        this.session = session;
        this.maxCost = maxCost;
        this.guard = new CostGuard(maxCost);
        this.log = log;
    }

    /** What the calling thread has run so far, ns, by proc(5), schedstat; -1 where the kernel does not say. */
    private static long threadCpuNs() {
        try (FileInputStream in = new FileInputStream("/proc/thread-self/schedstat")) {
            return Long.parseLong(new StringTokenizer(
                    new String(in.readAllBytes(), StandardCharsets.ISO_8859_1)).nextToken());
        } catch (IOException | RuntimeException e) {
            return -1;
        }
    }

    /** Another thread of the agent, whose allocation counts too. */
    void alsoCounts(Thread thread) {
        other = thread;
    }

    /** The threads of exports likewise. */
    void alsoCounts(Exports those) {
        exports = those;
    }

    /** From now on that much is allowed. */
    void allow(MaxCost newMaxCost) {
        if (!newMaxCost.equals(maxCost)) {
            maxCost = newMaxCost;
            guard.allow(newMaxCost);
            note = null;
        }
    }

    /** As of the last bill; null before the first. Any thread. */
    Cost cost() {
        return cost;
    }

    /** Whether a snapshot is wanted before the interval is over. @param nowNs {@link System#nanoTime} */
    boolean isDue(long nowNs, long sinceSnapshotNs) {
        return measuring != null ? nowNs - measuredNs >= MEASURE_NS : sinceSnapshotNs >= MOST_NS;
    }

    /**
     * Takes over a snapshot, when it is time for a bill.
     *
     * @return whether probes have been turned off
     * @throws KernelException if the agent may not stay: it costs more than it was told to, and nothing else helps
     */
    boolean take(Snapshot snapshot) throws KernelException {
        if (measuring != null) {
            endMeasuring(snapshot);
        }
        boolean isShort = cost == null || maxCost.share() > 0 && guard.share() > maxCost.share();
        if (bill.atNs() != 0 && snapshot.atNs() - bill.atNs() < (isShort ? SHORT_NS : USUAL_NS)) {
            return false;
        }
        if (bill.atNs() == 0) {
            // Where it begins: what there is by now took no second.
            bill.add(snapshot, session.uses(snapshot, false), allocated());
            return false;
        }
        bill.add(snapshot, session.uses(snapshot, false), allocated());
        boolean changed = keepBelow(snapshot);
        beginMeasuring(snapshot);
        cost = bill.toCost(startCpuNs, session.kernelMemoryBytes(), session.mappedBytes(), maxCost.share(), note);
        return changed;
    }

    private long allocated() {
        long bytes = session.allocatedBytes(own);
        if (bytes < 0) {
            return -1;
        }
        bytes += other == null ? 0 : Math.max(0, session.allocatedBytes(other));
        if (exports != null) {
            for (Thread thread : exports.threads()) {
                bytes += Math.max(0, session.allocatedBytes(thread));
            }
        }
        return bytes;
    }

    private boolean keepBelow(Snapshot snapshot) throws KernelException {
        switch (guard.look(snapshot.atNs(), bill.window(), bill.probes())) {
            case TURN_OFF -> {
                String line = "Cost over max-cost: the agent took " + told(guard.share())
                        + " of the JVM's CPU time for " + CostGuard.PATIENCE_S + " s (max-cost="
                        + maxCost.text() + ") and turned off ";
                turnOff("max-cost=" + maxCost.text(), line, SEE, snapshot.atNs());
                return true;
            }
            case TURN_OFF_UNASKED -> {
                String line = "Probe turned off: the agent took more than " + told(CostGuard.UNASKED_SHARE)
                        + " of the JVM's CPU time for " + CostGuard.PATIENCE_S + " s, and nobody had asked for ";
                turnOff("not asked for", line, SEE_PROBE, snapshot.atNs());
                return true;
            }
            case BASE_IS_OVER -> {
                baseOverNs = snapshot.atNs();
                noteIsOfBase = true;
                note = "Cost over max-cost: the agent has taken " + told(guard.share())
                        + " of the JVM's CPU time for 10 s (max-cost=" + maxCost.text()
                        + "), and nothing that can be turned off is to blame. "
                        + (maxCost.given() ? "It turns itself off if that lasts for a minute more." : "It goes on.")
                        + " Ask for less (interval=, threads=, usdt=off), or allow more with max-cost." + SEE;
                log.print(LogLevel.ERROR, note);
            }
            default -> {
                if (!guard.isBaseOver()) {
                    note = noteIsOfBase ? null : note;
                } else if (maxCost.given() && snapshot.atNs() - baseOverNs >= LAST_PATIENCE_NS) {
                    throw new KernelException("Cost over max-cost", ": the agent took " + told(guard.share())
                            + " of the JVM's CPU time for more than a minute (max-cost=" + maxCost.text()
                            + "), and has turned itself off. Attach it with max-cost=off or a larger share.");
                }
            }
        }
        return false;
    }

    /**
     * Turns the dearest off.
     *
     * @param rule  by which
     * @param begin of the line that says so, up to the probe's name
     * @param end   of that line
     */
    private void turnOff(String rule, String begin, String end, long nowNs) {
        ProbeCost dearest = guard.dearest();
        String why = rule + ": took " + told(dearest.cpuShare()) + " of a CPU, "
                + Math.round(dearest.hitsPerSecond()) + " hits a second";
        try {
            session.turn(dearest.name(), false, why);
        } catch (KernelException e) {
            // No reason to go: another may help, and if none does, that is said.
            guard.spare(dearest.name(), nowNs);
            log.print(LogLevel.ERROR, e.getMessage());
            return;
        }
        noteIsOfBase = false;
        note = begin + dearest.name() + ", with " + Math.round(dearest.hitsPerSecond()) + " hits a second "
                + told(dearest.cpuShare()) + " of a CPU. On again: attach-cli set PID probe." + dearest.name() + "=on."
                + end;
        log.print(LogLevel.ERROR, note);
    }

    /** With one digit after the point. */
    private static String told(double share) {
        long tenths = Math.round(share * 1000);
        return tenths / 10 + "." + tenths % 10 + " %";
    }

    private void beginMeasuring(Snapshot snapshot) {
        long nowNs = System.nanoTime();
        boolean isOver = maxCost.share() > 0 && guard.share() > maxCost.share();
        long restNs = isOver ? SHORT_REST_NS : REST_NS;
        boolean rested = measurements == 0 || nowNs - measuredNs >= restNs;
        if (measurements < MOST_MEASUREMENTS && rested && bill.wantsCalibration(WORTH_MEASURING)) {
            measuredFrom = session.uses(snapshot, true);
            measuring = session.measure();
            measuredNs = nowNs;
            // Not allowed now, not allowed later.
            measurements = measuring == null ? MOST_MEASUREMENTS : measurements + 1;
        }
    }

    private void endMeasuring(Snapshot snapshot) {
        List<ProgramUse> to = session.uses(snapshot, true);
        close();
        bill.calibrate(measuredFrom, to);
        measuredFrom = null;
    }

    /** The kernel measures no more. */
    @Override
    public void close() {
        AutoCloseable closed = measuring;
        measuring = null;
        if (closed != null) {
            try {
                closed.close();
            } catch (Exception e) {
                // a descriptor that is closed already
                return;
            }
        }
    }
}
