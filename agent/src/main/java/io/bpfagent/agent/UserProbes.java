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
import io.bpfagent.kernel.KernelPrograms;
import io.bpfagent.kernel.ProgramUse;
import io.bpfagent.kernel.UserProbe;
import io.bpfagent.kernel.UserProbeCounts;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.report.Probe;
import io.bpfagent.report.UserProbeReport;
import java.util.ArrayList;
import java.util.List;

/**
 * The probes that the user has named, at most {@value RecordSizes#USER_METRICS}: each has one of the kernel's last
 * thread metrics, which is given to another once it is gone.
 *
 * <p>Assumptions: one thread, the one that reads the ledger. Guarantees: a probe that cannot be added changes nothing.
 * No number of one probe gets into another's: what has been counted is forgotten, in the kernel's rows and here, before
 * its number is free.
 */
final class UserProbes {
    private final Session session;
    private final KernelPrograms programs;
    private final Ledger ledger;
    private final JvmFlags flags;
    private final List<UserProbe> probes = new ArrayList<>();
    /** Those that were turned off: their numbers are kept, and nothing of them is in the kernel. */
    private final List<Off> off = new ArrayList<>();
    /** Numbers in the kernel that could not be made free. */
    private final List<Integer> lostSlots = new ArrayList<>();
    private long added;

    /** One that is not in the kernel, as it was. */
    private record Off(FoundProbe found, UserMetric metric, ProgramUse use, UserProbeReport report, String why) {}

    /**
     * Without any.
     *
     * @param session of which the others are parts
     * @param flags   of the host
     */
    UserProbes(Session session, KernelPrograms programs, Ledger ledger, JvmFlags flags) {
        this.session = session;
        this.programs = programs;
        this.ledger = ledger;
        this.flags = flags;
    }

    /** Finds, loads and attaches one. */
    void add(ProbeSpec spec) throws ProbeException, KernelException {
        boolean isGroup = programs.switchable().contains(spec.name());
        if (isGroup || Metrics.of(spec.name()).isPresent() || spec.name().equals(KeptMetrics.ALL_NAME)) {
            throw new ProbeException("Bad probe", " (" + spec.name() + "): a " + (isGroup ? "probe" : "metric")
                    + " of the agent has that name."
                    + " Choose another.");
        }
        if (find(spec.name()) != null || findOff(spec.name()) != null) {
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
        UserMetric metric = new UserMetric(slot, spec.name(), values(spec), ++added, System.currentTimeMillis());
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
            for (UserMetric metric : metrics()) {
                free &= metric.slot() != slot;
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
        Off gone = findOff(name);
        if (probe == null && gone == null) {
            throw noneOf(name, metrics().isEmpty() ? "there is none" : "there are " + names());
        }
        if (probe == null) {
            // Its own program takes its pages from the rows.
            probe = programs.load(gone.found, gone.metric);
            off.remove(gone);
        }
        probes.remove(probe);
        takeOut(probe);
    }

    private Off findOff(String name) {
        for (Off one : off) {
            if (one.metric.metric().equals(name)) {
                return one;
            }
        }
        return null;
    }

    /** Whether the one of this name is in the kernel. */
    boolean isOn(String name) {
        return find(name) != null;
    }

    /** Takes one out of the kernel, or puts it back; its numbers go on. @param why of what is taken out, for reports */
    void turn(String name, boolean on, String why) throws KernelException {
        UserProbe probe = find(name);
        Off gone = findOff(name);
        if (on && gone != null) {
            putBack(gone);
        } else if (!on && probe != null) {
            probe.detach();
            session.read();
            off.add(new Off(probe.found(), probe.metric(), probe.use(), report(probe), why));
            probes.remove(probe);
            programs.close(probe);
        }
    }

    private void putBack(Off gone) throws KernelException {
        UserProbe probe = programs.load(gone.found, gone.metric);
        probe.goOnFrom(gone.report.hits(), gone.report.unmatched());
        boolean attached = false;
        try {
            probe.attach();
            probes.add(probe);
            off.remove(gone);
            attached = true;
        } finally {
            if (!attached) {
                probe.detach();
                programs.close(probe);
            }
        }
    }

    /** Those that are not in the kernel, as outcomes. */
    List<Probe> off() {
        List<Probe> outcomes = new ArrayList<>(off.size());
        for (Off one : off) {
            outcomes.add(new Probe(one.metric.metric(), Probe.OFF, one.why, 0, 0));
        }
        return outcomes;
    }

    /** Adds them, with what they had been used. */
    void addUsesOfThoseOff(List<ProgramUse> uses) {
        for (Off one : off) {
            uses.add(one.use.off(one.why));
        }
    }

    private void takeOut(UserProbe probe) throws KernelException {
        boolean forgotten = false;
        try {
            probe.detach();
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
        for (UserMetric metric : metrics()) {
            names.append(names.isEmpty() ? "" : ", ").append(metric.metric());
        }
        return names.toString();
    }

    /** What they count, those that are off last. */
    List<UserMetric> metrics() {
        List<UserMetric> metrics = new ArrayList<>(probes.size());
        for (UserProbe probe : probes) {
            metrics.add(probe.metric());
        }
        for (Off one : off) {
            metrics.add(one.metric);
        }
        return metrics;
    }

    /** As they are now. */
    List<UserProbeReport> reports() {
        List<UserProbeReport> reports = new ArrayList<>(probes.size());
        for (UserProbe probe : probes) {
            reports.add(report(probe));
        }
        for (Off one : off) {
            UserProbeReport last = one.report;
            reports.add(new UserProbeReport(last.metric(), last.spec(), "off: " + one.why, last.hits(),
                    last.unmatched(), last.nsPerHit()));
        }
        return reports;
    }

    private static UserProbeReport report(UserProbe probe) {
        UserProbeCounts counts = probe.counts();
        return new UserProbeReport(probe.metric(), probe.spec().text(), probe.how(), counts.hits(),
                counts.unmatched(), counts.nsPerRun());
    }
}
