package io.bpfagent.agent;

import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.slow.SlowLimits;
import io.bpfagent.correlation.slow.SlowReader;
import io.bpfagent.kernel.KernelException;
import io.bpfagent.kernel.KernelPrograms;
import io.bpfagent.report.Probe;
import java.util.ArrayList;
import java.util.List;

/**
 * Slow events while the agent is on: read, and while there are some, looked at more often and with their wakers. One
 * thread.
 */
final class SlowEvents {
    /** Since the last event worth a stack: what was slow once is slow again. */
    private static final long TROUBLED_NS = 10_000_000_000L;
    /** Between two looks then, at most: what is sent meanwhile must find room. */
    private static final long TROUBLED_LOOK_NS = 50_000_000L;
    /** The agent's thread waits whole milliseconds. */
    private static final long MARGIN_NS = 1_000_000L;
    /**
     * Since the last event of which it was not known who woke the thread. Attaching and detaching take milliseconds.
     */
    private static final long WAKERS_NS = 60_000_000_000L;

    private final SlowReader reader;
    private final KernelPrograms programs;
    private long stacksNs;
    private String none;
    private boolean troubled;
    private long troubledNs;
    private boolean notesWakers;
    private long wakersNs;
    private String noWakers;

    /**
     * @param stacksNs from which length on a stack is asked for, or {@link SlowLimits#NEVER}
     * @param none     why there can be none, or null
     */
    SlowEvents(SlowReader reader, KernelPrograms programs, long stacksNs, String none) {
        this.reader = reader;
        this.stacksNs = atLeast(stacksNs);
        this.programs = programs;
        this.none = none;
    }

    private static long atLeast(long stacksNs) {
        return stacksNs == SlowLimits.NEVER ? Long.MAX_VALUE : stacksNs;
    }

    /** From now on these count; the parameters as those of the constructor. */
    void change(SlowLimits limits, long newStacksNs, String newNone) {
        reader.change(limits, newStacksNs);
        stacksNs = atLeast(newStacksNs);
        none = newNone;
    }

    /** From now on these are the metrics whose programs are not attached. */
    void ignoreCalls(List<Metric> metrics) {
        reader.ignoreCalls(metrics);
    }

    /** Takes in what was slow since the last call. @return whether there are events that no snapshot has shown yet */
    boolean look() {
        boolean waits = reader.look();
        long nowNs = System.nanoTime();
        if (reader.longestNs() >= stacksNs) {
            troubled = true;
            troubledNs = nowNs;
        } else if (troubled && nowNs - troubledNs > TROUBLED_NS) {
            troubled = false;
        }
        if (reader.missesWakers()) {
            wakersNs = nowNs;
            noteWakers(true);
        } else if (notesWakers && nowNs - wakersNs > WAKERS_NS && !troubled) {
            noteWakers(false);
        }
        return waits;
    }

    private void noteWakers(boolean note) {
        if (note == notesWakers || noWakers != null) {
            return;
        }
        try {
            programs.noteWakers(note);
            notesWakers = note;
        } catch (KernelException e) {
            noWakers = e.getMessage();
        }
    }

    /**
     * After how long to look again, ns. While there is trouble, a thread that is blocked is to be asked as soon as it
     * has been so for long enough: who is blocked now says when, and who will be is not due before the time for
     * stacks is over.
     *
     * @param usualNs when there is nothing
     * @param soonNs  at the soonest
     */
    long lookInNs(long usualNs, long soonNs) {
        if (reader.isBusy()) {
            return soonNs;
        }
        long wantedNs = Math.min(Math.min(stacksNs, TROUBLED_LOOK_NS), reader.dueInNs());
        return troubled ? Math.max(soonNs, wantedNs + MARGIN_NS) : usualNs;
    }

    Snapshot addTo(Snapshot snapshot) {
        return reader.addTo(snapshot);
    }

    /** What does not work of it. */
    List<Probe> problems() {
        List<Probe> problems = new ArrayList<>(2);
        if (none != null) {
            problems.add(new Probe("slow_events", Probe.UNSUPPORTED, none, 0, 0));
        }
        if (reader.problem() != null) {
            problems.add(new Probe("slow_events", Probe.FAILED, reader.problem(), 0, 0));
        }
        if (noWakers != null) {
            problems.add(new Probe("sched_waking", Probe.FAILED, noWakers, 0, 0));
        }
        return problems;
    }
}
