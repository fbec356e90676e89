package io.bpfagent.correlation.pause;

import io.bpfagent.correlation.KernelMemory;
import io.bpfagent.correlation.KnownThread;
import io.bpfagent.correlation.OperationNames;
import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.PauseDetail;
import io.bpfagent.correlation.ThreadKind;
import io.bpfagent.correlation.ThreadLookup;
import io.bpfagent.correlation.pause.PauseWindow.OpenStay;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Makes pauses of what {@link PauseCollector} has, once all that belongs to them is there.
 *
 * <p>That is so when a pause has ended more than 25 ms ago, for a CPU's first switch after it is recorded for 20 ms;
 * when the threads have been read since; and when the ring was found empty after the rows of the GC threads
 * were read: a run that reaches over the pause's end then either stands in its row, or its record is there.
 */
final class PauseFinisher implements ThreadLookup.OpenStays {
    /** With what clocks may differ. */
    static final long TAIL_NS = RecordSizes.CPU_TAIL_NS + 5_000_000;
    /** A record is being written for well under 1 us. */
    private static final int TRIES = 64;
    /** For so many records the cutter's scratch is kept for the next pauses: 4 bytes each. */
    private static final int MOST_KEPT = 4096;
    /** A pause of more records is taken apart at once: what is found takes less room than they do. */
    private static final int MOST_RECORDS = 256;
    private static final long MS = 1_000_000;

    private final PauseCollector collector;
    private final OperationNames operations;
    private final ThreadLookup threads;
    private final LongSupplier clockNs;
    private final LongSupplier wallMs;
    private WindowCutter cutter;
    private final Anatomist anatomist = new Anatomist();
    /** Of the pauses that are being finished. */
    private List<OpenStay> open;
    private long incompletePauses;

    /** @param wallMs now, ms since 1970 */
    PauseFinisher(PauseCollector collector, KernelMemory memory, ThreadLookup threads, LongSupplier clockNs,
            LongSupplier wallMs) {
        this.collector = collector;
        this.operations = new OperationNames(memory);
        this.threads = threads;
        this.cutter = new WindowCutter(threads);
        this.clockNs = clockNs;
        this.wallMs = wallMs;
    }

    /** The pauses of which everything is there by now, oldest first; they wait no more. */
    List<Pause> finish() {
        open = new ArrayList<>();
        // In this order: what ended before the rows were read is found in the ring.
        long endedNs = Math.min(clockNs.getAsLong() - TAIL_NS, threads.asOfNs());
        threads.forEachLive(ThreadKind.GC, this);
        boolean all = collector.collect();
        for (int i = 1; i < TRIES && !all; i++) {
            Thread.onSpinWait();
            all = collector.collect();
        }
        EndedPause[] ready = all ? takeEndedBy(endedNs) : new EndedPause[0];
        Pause[] pauses = new Pause[ready.length];
        cutter.begin(collector.log(), open);
        for (int i = ready.length - 1; i >= 0; i--) {
            pauses[i] = finish(ready[i]);
        }
        if (collector.log().to() - collector.log().from() > MOST_KEPT) {
            cutter = new WindowCutter(threads);
        }
        return Arrays.asList(pauses);
    }

    /** How many of the pauses were {@link Pause#incomplete()}. */
    long incompletePauses() {
        return incompletePauses;
    }

    private EndedPause[] takeEndedBy(long ns) {
        ArrayDeque<EndedPause> waiting = collector.waiting();
        List<EndedPause> ready = new ArrayList<>();
        while (!waiting.isEmpty() && waiting.peekFirst().endNs() <= ns) {
            ready.add(waiting.removeFirst());
        }
        return ready.toArray(new EndedPause[0]);
    }

    private Pause finish(EndedPause pause) {
        PauseWindow window = cutter.cut(pause);
        // Of a thread without a row there are no records.
        boolean incomplete = collector.isIncomplete(pause) || Records.generationOf(pause.thread()) == 0
                || cutter.misses(pause);
        incompletePauses += incomplete ? 1 : 0;
        String operation = operations.of(pause.operation());
        long ageNs = clockNs.getAsLong() - pause.beginNs();
        return new Pause(pause.number(), pause.beginNs(), wallMs.getAsLong() - ageNs / MS,
                operation == null ? Pause.UNKNOWN_OPERATION : operation, pause.gc(), pause.endNs() - pause.beginNs(),
                pause.reachingNs(), incomplete, detail(window));
    }

    private PauseDetail detail(PauseWindow window) {
        return window.to() > MOST_RECORDS ? anatomist.takeApart(window) : PauseDetail.by(new Asked(anatomist, window));
    }

    /** Not a lambda: the first one of those makes classes, and much garbage. */
    record Asked(Anatomist anatomist, PauseWindow window) implements Supplier<PauseDetail> {
        @Override
        public PauseDetail get() {
            return anatomist.takeApart(window);
        }
    }

    @Override
    public void accept(KnownThread thread, int state, long sinceNs, boolean throttled) {
        open.add(new OpenStay(thread, state, sinceNs, throttled));
    }
}
