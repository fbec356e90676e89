package io.bpfagent.agent;

import io.bpfagent.correlation.Ledger;
import io.bpfagent.correlation.Metrics;
import io.bpfagent.correlation.UserMetric;
import io.bpfagent.correlation.UserMetric.Values;
import io.bpfagent.find.FoundProbe;
import io.bpfagent.find.ProbeException;
import io.bpfagent.find.ProbeFinder;
import io.bpfagent.find.ProbeSpec;
import io.bpfagent.hotspot.JvmFlags;
import io.bpfagent.kernel.KernelException;
import io.bpfagent.kernel.ThreadStatePrograms;
import io.bpfagent.kernel.UserProbe;
import io.bpfagent.kernel.UserProbeCounts;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.report.UserProbeReport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The probes that the user has named, at most {@value RecordSizes#USER_METRICS}: each has one of the kernel's last
 * thread metrics, which is given to another once it is gone.
 *
 * <p>Assumptions: one thread, the one that reads the ledger. Guarantees: a probe that cannot be added changes nothing.
 * No number of one probe gets into another's: what has been counted is forgotten, in the kernel's rows and here, before
 * its number is free.
 */
final class UserProbes {
    /** What runs on another CPU when a tracepoint is let go has ended by then. */
    private static final long LAST_RUN_NS = 2_000_000;

    private final Session session;
    private final ThreadStatePrograms programs;
    private final Ledger ledger;
    private final JvmFlags flags;
    private final List<UserProbe> probes = new ArrayList<>();
    /** Numbers in the kernel that could not be made free. */
    private final List<Integer> lostSlots = new ArrayList<>();
    private long added;

    /**
     * Without any.
     *
     * @param session of which the others are parts
     * @param flags   of the host
     */
    UserProbes(Session session, ThreadStatePrograms programs, Ledger ledger, JvmFlags flags) {
        this.session = session;
        this.programs = programs;
        this.ledger = ledger;
        this.flags = flags;
    }

    /** Finds, loads and attaches one. */
    void add(ProbeSpec spec) throws ProbeException, KernelException {
        if (Metrics.of(spec.name()).isPresent() || spec.name().equals(KeptMetrics.ALL_NAME)) {
            throw new ProbeException("Bad probe", " (" + spec.name() + "): a metric of the agent has that name."
                    + " Choose another.");
        }
        if (find(spec.name()) != null) {
            throw new ProbeException("Bad probe", " (" + spec.name() + "): there is one of that name. Choose another,"
                    + " or remove that one: attach-cli probe PID remove " + spec.name() + ".");
        }
        int slot = freeSlot();
        if (slot < 0) {
            throw new ProbeException("Too many probes", " (" + spec.name() + "): there are "
                    + (RecordSizes.USER_METRICS - lostSlots.size()) + ", and there is room for no more. Remove one:"
                    + " attach-cli probe PID remove NAME.");
        }
        FoundProbe found = ProbeFinder.find(spec, flags);
        UserMetric metric = new UserMetric(slot, spec.name(), values(spec), ++added);
        UserProbe probe = programs.load(found, metric);
        boolean attached = false;
        try {
            // Before it is attached: what it counts from the first hit on is its own.
            ledger.add(metric);
            probe.attach();
            probes.add(probe);
            attached = true;
        } finally {
            if (!attached) {
                takeOut(probe);
            }
        }
    }

    private static Values values(ProbeSpec spec) {
        if (spec.valueArgument() != 0) {
            return Values.NUMBERS;
        }
        boolean isCall = spec.kind() == ProbeSpec.Kind.UPROBE;
        return spec.end() != null || isCall ? Values.TIMES : Values.COUNTS;
    }

    private int freeSlot() {
        for (int slot = RecordSizes.FIRST_USER_METRIC;
                slot < RecordSizes.FIRST_USER_METRIC + RecordSizes.USER_METRICS; slot++) {
            boolean free = !lostSlots.contains(slot);
            for (UserProbe probe : probes) {
                free &= probe.metric().slot() != slot;
            }
            if (free) {
                return slot;
            }
        }
        return -1;
    }

    private UserProbe find(String name) {
        for (UserProbe probe : probes) {
            if (probe.metric().metric().equals(name)) {
                return probe;
            }
        }
        return null;
    }

    /** Takes one out of the kernel and forgets its numbers. */
    void remove(String name) throws ProbeException, KernelException {
        UserProbe probe = find(name);
        if (probe == null) {
            throw noneOf(name, probes.isEmpty() ? "there is none" : "there are " + names());
        }
        probes.remove(probe);
        takeOut(probe);
    }

    private void takeOut(UserProbe probe) throws KernelException {
        boolean forgotten = false;
        try {
            probe.detach();
            LockSupport.parkNanos(LAST_RUN_NS);
            // What it has counted up to now is read, so that the pages are given to others without it.
            session.read();
            probe.forgetRows(ledger.rowsUsed());
            ledger.forget(probe.metric());
            forgotten = true;
        } finally {
            if (!forgotten) {
                lostSlots.add(probe.metric().slot());
            }
            programs.close(probe);
        }
    }

    /** The refusal of a name that no probe has. */
    static ProbeException noneOf(String name, String thereAre) {
        return new ProbeException("No such probe", ": " + name + " (" + thereAre
                + "). List them: attach-cli probe PID list.");
    }

    private String names() {
        StringBuilder names = new StringBuilder();
        for (UserProbe probe : probes) {
            names.append(names.isEmpty() ? "" : ", ").append(probe.metric().metric());
        }
        return names.toString();
    }

    /** What they count, in the order in which they were added. */
    List<UserMetric> metrics() {
        List<UserMetric> metrics = new ArrayList<>(probes.size());
        for (UserProbe probe : probes) {
            metrics.add(probe.metric());
        }
        return metrics;
    }

    /** As they are now. */
    List<UserProbeReport> reports() {
        List<UserProbeReport> reports = new ArrayList<>(probes.size());
        for (UserProbe probe : probes) {
            UserProbeCounts counts = probe.counts();
            reports.add(new UserProbeReport(probe.metric(), probe.spec().text(), probe.how(), counts.hits(),
                    counts.unmatched(), counts.nsPerRun()));
        }
        return reports;
    }
}
