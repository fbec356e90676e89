package io.bpfagent.agent;

import io.bpfagent.correlation.PoolUsage;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.kernel.ProgramUse;
import io.bpfagent.report.Cost;
import io.bpfagent.report.Cost.KnownBy;
import io.bpfagent.report.Cost.Window;
import io.bpfagent.report.ProbeCost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reckons what the agent costs, from numbers that are there anyway: CPU times are the states of threads, the agent's
 * own among them; hits are counted by the programs, or are the ends of those states. What a hit takes in its program is
 * what the kernel measures just now, or has measured for a moment, or an estimate (docs/decisions/0020).
 *
 * <p>One thread, that which reads snapshots. Nothing here asks the kernel for anything.
 */
final class Bill {
    /** What the names of all threads of the agent, and so of their pools, begin with. */
    private static final String OWN_THREADS = "bpf-agent";
    /** Fewer than that in a measurement tell little. */
    private static final int FEWEST_HITS = 200;
    /** Of a run for another process, which is over after one comparison; measuring it included. */
    private static final double FOREIGN_RUN_NS = 60;
    /** What was measured is believed up to so many times, and down to such a part of, the estimate. */
    private static final double MOST_FACTOR = 8;
    /** Where other processes have so many times as many runs, what one of the host's took cannot be told. */
    private static final int MOST_FOREIGN = 10;
    /** So often the kernel is to measure for the sake of programs of which that tells nothing. */
    private static final int MOST_TRIES = 3;

    /** By key, in ns. */
    private final Map<String, Double> calibrated = new HashMap<>();
    /** By key: how often it was to be measured, and could not. */
    private final Map<String, Integer> tries = new HashMap<>();
    /** Keys for whose sake the kernel is to measure now. */
    private final Set<String> wanted = new HashSet<>();
    private List<ProgramUse> uses = List.of();
    private long atNs;
    private long hostCpuNs;
    private long threadCpuNs;
    private long allocatedBytes = -1;
    private double programNs;
    private Window total = new Window(0, 0, 0, 0, -1);
    private Window window = total;
    private List<ProbeCost> probes = List.of();
    private boolean isBegun;
    /**
     * Whether the kernel has measured for us since the last bill: for a part of that time, while hits are of all of
     * it.
     */
    private boolean hasMeasuredForUs;
    /** Whether it measured for somebody else when the last bill was drawn up, as far as can be told. */
    private boolean measuresForOthers;

    /** When it was last drawn up, on the clock of snapshots; 0 before. */
    long atNs() {
        return atNs;
    }

    /**
     * Draws it up anew.
     *
     * @param snapshot  whose numbers are since the agent began
     * @param now       of the same moment; with statistics where the kernel measures
     * @param allocated by the agent's threads so far; -1 when it is not known
     */
    void add(Snapshot snapshot, List<ProgramUse> now, long allocated) {
        long wallNs = isBegun ? snapshot.atNs() - atNs : snapshot.atNs() - snapshot.beganNs();
        long host = 0;
        long own = 0;
        for (PoolUsage pool : snapshot.pools()) {
            long ns = pool.times().timeNs(ThreadState.RUNNING);
            host += ns;
            own += pool.pool().startsWith(OWN_THREADS) ? ns : 0;
        }
        boolean measuredAllAlong = measuresForOthers && !hasMeasuredForUs;
        double ns = 0;
        List<ProbeCost> costs = new ArrayList<>(now.size());
        for (int i = 0; i < now.size(); i++) {
            ProbeCost cost = cost(now, i, wallNs, measuredAllAlong);
            costs.add(cost);
            ns += cost.ns();
        }
        programNs += ns;
        long more = allocated < 0 || allocatedBytes < 0 ? -1 : Math.max(0, allocated - allocatedBytes);
        window = new Window(wallNs, Math.max(0, host - hostCpuNs), Math.max(0, own - threadCpuNs), Math.round(ns),
                more);
        total = new Window(snapshot.atNs() - snapshot.beganNs(), host, own, Math.round(programNs), allocated);
        probes = costs;
        measuresForOthers = hasMeasuredForUs ? measuresForOthers : hasRun(now);
        hasMeasuredForUs = false;
        uses = now;
        atNs = snapshot.atNs();
        hostCpuNs = host;
        threadCpuNs = own;
        allocatedBytes = allocated;
        isBegun = true;
    }

    /** Whether the kernel has counted runs since the last bill. */
    private boolean hasRun(List<ProgramUse> now) {
        boolean hasRun = false;
        for (int i = 0; i < now.size() && !hasRun; i++) {
            ProgramUse last = find(uses, now.get(i).name(), i);
            hasRun = now.get(i).statistics().runs() > (last == null ? 0 : last.statistics().runs());
        }
        return hasRun;
    }

    private ProbeCost cost(List<ProgramUse> now, int index, long wallNs, boolean measuredAllAlong) {
        ProgramUse use = now.get(index);
        double programNs = measuredAllAlong && isMeasured(use) ? measured(uses, now, use.key(), true) : -1;
        KnownBy knownBy = KnownBy.KERNEL;
        if (programNs < 0) {
            Double known = calibrated.get(use.key());
            knownBy = known == null ? KnownBy.ESTIMATE : KnownBy.CALIBRATION;
            programNs = known == null ? use.cost().programNs() : known;
        }
        return new ProbeCost(use.name(), use.kind(), use.sites(), use.optional(), use.asked(), use.on(),
                use.why(), use.metrics(), use.hits(), wallNs, newHits(uses, use, index),
                programNs + use.cost().entryNs(), knownBy);
    }

    /** Whether the kernel has counted runs of anything of the same key since the last bill. */
    private boolean isMeasured(ProgramUse use) {
        return use.statistics().runs() > 0 || !use.key().equals(use.name());
    }

    /** Since {@code before}; one that was let go and came again counts from 0. */
    private static long newHits(List<ProgramUse> before, ProgramUse use, int index) {
        ProgramUse last = find(before, use.name(), index);
        return last == null || last.hits() > use.hits() ? use.hits() : use.hits() - last.hits();
    }

    /** The one of that name, which mostly stands where it stood. */
    private static ProgramUse find(List<ProgramUse> uses, String name, int index) {
        if (index < uses.size() && uses.get(index).name().equals(name)) {
            return uses.get(index);
        }
        for (ProgramUse use : uses) {
            if (use.name().equals(name)) {
                return use;
            }
        }
        return null;
    }

    /**
     * What a hit has taken in the programs of this key between two moments, ns; -1 where that cannot be told.
     *
     * @param forAll whether runs for other processes are put on the bill too
     */
    private static double measured(List<ProgramUse> from, List<ProgramUse> to, String key, boolean forAll) {
        long hits = 0;
        long runs = 0;
        long ns = 0;
        double estimate = 0;
        for (int i = 0; i < to.size(); i++) {
            ProgramUse use = to.get(i);
            ProgramUse last = find(from, use.name(), i);
            if (use.key().equals(key) && last != null) {
                hits += newHits(from, use, i);
                estimate = use.cost().programNs();
                // Of one that nobody had asked before nothing is known.
                boolean known = (!forAll || last.statistics().runs() > 0)
                        && use.statistics().runs() > last.statistics().runs();
                runs += known ? use.statistics().runs() - last.statistics().runs() : 0;
                ns += known ? use.statistics().runTimeNs() - last.statistics().runTimeNs() : 0;
            }
        }
        if (runs == 0 || hits == 0) {
            return -1;
        }
        if (forAll) {
            return (double) ns / hits;
        }
        long foreign = Math.max(0, runs - hits);
        if (hits < FEWEST_HITS || foreign > MOST_FOREIGN * hits) {
            return -1;
        }
        double own = (ns - foreign * FOREIGN_RUN_NS) / hits;
        return Math.min(estimate * MOST_FACTOR, Math.max(estimate / MOST_FACTOR, own));
    }

    /**
     * Takes over what the kernel has measured between two moments, of both of which there are statistics.
     */
    void calibrate(List<ProgramUse> from, List<ProgramUse> to) {
        hasMeasuredForUs = true;
        for (ProgramUse use : to) {
            double ns = measured(from, to, use.key(), false);
            if (ns > 0) {
                calibrated.put(use.key(), ns);
            }
        }
        for (String key : wanted) {
            if (!calibrated.containsKey(key)) {
                tries.put(key, tries.getOrDefault(key, 0) + 1);
            }
        }
        wanted.clear();
    }

    /** Whether something that takes such a part of a CPU has never been measured, and may yet be. */
    boolean wantsCalibration(double leastCpuShare) {
        wanted.clear();
        for (int i = 0; i < probes.size(); i++) {
            ProbeCost cost = probes.get(i);
            // Drawn up from these, in the same order.
            String key = uses.get(i).key();
            if (cost.knownBy() == KnownBy.ESTIMATE && cost.on() && cost.cpuShare() >= leastCpuShare
                    && tries.getOrDefault(key, 0) < MOST_TRIES) {
                wanted.add(key);
            }
        }
        return !wanted.isEmpty();
    }

    /** The last five seconds or so. */
    Window window() {
        return window;
    }

    /** What the programs cost in it. */
    List<ProbeCost> probes() {
        return probes;
    }

    /** As reports show it. */
    Cost toCost(long startCpuNs, long mapBytes, long mappedBytes, double maxShare, String note) {
        return new Cost(window, total, startCpuNs, knownBy(), mapBytes, mappedBytes, maxShare, note, probes);
    }

    /** Of what costs most. */
    private KnownBy knownBy() {
        ProbeCost dearest = null;
        for (ProbeCost cost : probes) {
            dearest = dearest == null || cost.ns() > dearest.ns() ? cost : dearest;
        }
        return dearest == null ? KnownBy.ESTIMATE : dearest.knownBy();
    }
}
