package io.bpfagent.kernel;

import io.bpfagent.correlation.Metric;
import io.bpfagent.report.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Optional programs that are attached and let go together, also while the agent is there: what a user can turn off and
 * on, and what is turned off when the agent costs too much.
 *
 * <p>One thread. Guarantees: after a failure, as after {@link #turnOff}, nothing of it is attached. What was under
 * way when it was turned off is not counted when it is turned on again, but as an unmatched event if its end is seen.
 */
abstract class ProbeGroup {
    /** The program that makes all others forget what has begun. */
    static final String FORGET = "forget_begins";
    /** Calls that are under way are mostly over by then, and their ends have been seen. */
    private static final long LAST_ENDS_NS = 5_000_000;

    private final String name;
    private final String kind;
    private final List<Metric> metrics;
    private final int[] hits;
    private final ProgramCost cost;
    private List<Attachment> attachments = List.of();
    private List<BpfProgram> programs = List.of();
    private long[] links = {};
    private int sites;
    private boolean on;
    private boolean failed;
    private boolean asked;
    private String why = "";

    /**
     * A group of which nothing is attached.
     *
     * @param kind    how it is attached: {@code usdt}, {@code uprobe}, {@code tp_btf}
     * @param metrics it is of use while one of these is kept
     * @param hits    where in {@code globals.hits} its runs are counted
     * @param cost    what a hit is taken to cost as long as that is not measured
     * @param asked   whether somebody has said that it is wanted
     */
    ProbeGroup(String name, String kind, List<? extends Metric> metrics, int[] hits, ProgramCost cost, boolean asked) {
        this.name = name;
        this.kind = kind;
        this.metrics = List.copyOf(metrics);
        this.hits = hits.clone();
        this.cost = cost;
        this.asked = asked;
    }

    /**
     * Attaches all of it.
     *
     * @param attached takes what became of each part
     * @return how many instructions or events of the kernel programs are attached to; 0: it could not be attached, and
     *     {@code attached} says why
     */
    abstract int attach(BpfObject object, List<Attachment> attached) throws KernelException;

    /** Before its links are closed; does nothing here. */
    void beforeDetach() {
    }

    final String name() {
        return name;
    }

    final List<Metric> metrics() {
        return metrics;
    }

    /** As a report needs it; a group that could not be attached is none. */
    final List<Attachment> attachments() {
        return attachments;
    }

    final boolean isOn() {
        return on;
    }

    /** Whether it could not be attached when that was last tried. */
    final boolean hasFailed() {
        return failed;
    }

    /** Attaches it for the first time; a failure is an outcome. */
    final void begin(BpfObject object) {
        try {
            attachAll(object);
        } catch (KernelException e) {
            failed = true;
            attachments = List.of(Attachment.of(failureName(), Probe.FAILED, e.getMessage()));
            why = e.getMessage();
        }
    }

    /** What the outcome of a failure is called. */
    String failureName() {
        return name;
    }

    /** A group that is to be had, and that nobody has asked for yet. */
    final void leaveOff(String reason) {
        why = reason;
    }

    /** Attaches it again; when it throws, it is off as before. */
    final void turnOn(BpfObject object) throws KernelException {
        asked = true;
        if (!on) {
            object.program(FORGET).run();
            attachAll(object);
            if (!on) {
                throw new KernelException("Cannot attach a probe", " (" + name + "): " + why);
            }
        }
    }

    private void attachAll(BpfObject object) throws KernelException {
        int before = object.expectLinks(0);
        List<Attachment> attached = new ArrayList<>();
        try {
            sites = attach(object, attached);
        } catch (KernelException | RuntimeException | Error e) {
            object.detachTo(before);
            throw e;
        }
        links = object.linksSince(before);
        attachments = List.copyOf(attached);
        List<BpfProgram> used = new ArrayList<>();
        for (Attachment attachment : attached) {
            if (attachment.program() != null) {
                used.add(attachment.program());
            }
        }
        programs = used;
        on = sites > 0;
        failed = !on;
        why = on ? "" : attached.isEmpty() ? "nothing of it is there" : attached.get(0).outcome().detail();
    }

    /**
     * Lets it go. Ends are attached first and let go last.
     *
     * @param reason one line, for reports
     */
    final void turnOff(BpfObject object, String reason) {
        if (!on) {
            why = failed ? why : reason;
            return;
        }
        on = false;
        why = reason;
        List<Attachment> off = new ArrayList<>(attachments.size());
        for (Attachment attachment : attachments) {
            off.add(new Attachment(attachment.program(),
                    new Probe(attachment.outcome().name(), Probe.OFF, reason, 0, 0)));
        }
        attachments = off;
        long[] closed = links;
        links = new long[0];
        beforeDetach();
        int ends = closed.length / 2;
        try {
            long[] begins = new long[closed.length - ends];
            System.arraycopy(closed, ends, begins, 0, begins.length);
            object.detach(begins);
            LockSupport.parkNanos(LAST_ENDS_NS);
        } finally {
            object.detach(closed);
        }
    }

    /** How much it has been used so far. */
    final ProgramUse use(HitCounts counts, ProgramStatisticsReader statistics) {
        return new ProgramUse(name, kind, sites, true, asked, on, why, names(metrics), counts.sum(hits), cost,
                statistics.of(programs), key());
    }

    /** What its programs' statistics are of; those of one program with several groups are of all of them. */
    String key() {
        return name;
    }

    private static List<String> names(List<Metric> metrics) {
        List<String> names = new ArrayList<>(metrics.size());
        for (Metric metric : metrics) {
            names.add(metric.metric());
        }
        return names;
    }
}
