package io.bpfagent.correlation.slow;

import io.bpfagent.correlation.KernelMemory;
import io.bpfagent.correlation.KnownThread;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.RecordArray;
import io.bpfagent.correlation.ThreadLookup;
import io.bpfagent.correlation.ThreadMetric;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.Words;
import io.bpfagent.records.RecordLayouts.Globals;
import io.bpfagent.records.RecordLayouts.RowLife;
import io.bpfagent.records.RecordLayouts.Supply;
import io.bpfagent.records.RecordLayouts.ThreadRow;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Asks for the stacks of threads that have been blocked for longer than their limit and still are: when their wait is
 * over it is too late. Which those are stands in their rows; only of those is anything asked.
 *
 * <p>At most {@value #PER_SECOND} stacks a second, of one wait one, and a hundredth of the time: before JDK 19 all
 * threads stop while one is asked, and where there is no CPU to be had that takes not 100 us but as many ms. A stack
 * counts only if the thread is in the same wait afterwards. One thread; no content of the memory makes it throw. Heap:
 * the last {@value #KEPT} stacks, and 8 bytes a row.
 */
final class StackWatch {
    static final int PER_SECOND = 20;
    static final int KEPT = 256;
    /** Of the time, one part in so many may be spent on asking; and what was not in the last second. */
    static final int TIME_SHARE = 100;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int BLOCKED = ThreadState.BLOCKED_MONITOR.ordinal();
    private static final int STATES = ThreadState.ALL.size();

    private final KernelMemory memory;
    private final ThreadLookup threads;
    private final StackSource source;
    private SlowLimits limits;
    /** Bit s: state s has a limit. */
    private long limitedStates;
    private long leastNs;
    private final LongSupplier clockNs;
    /** Of waits that may still be under way, or whose events have not been made yet; oldest first. */
    private final ArrayDeque<Taken> taken = new ArrayDeque<>();
    private long dueInNs = Long.MAX_VALUE;
    private long allowedNs;
    private int left = PER_SECOND;
    /** Until when all time is paid for that was spent on asking. */
    private long paidUntilNs;
    /** By row, since when the thread was blocked that was asked last. Null until there is one. */
    private long[] askedSinceNs;
    private int rowsUsed;
    /** Bit m: nobody sees the ends of calls of thread metric m. */
    private long unseenCalls;
    private long callsSinceNs;

    /** A stack, and of which wait. */
    private record Taken(int row, int generation, long atNs, List<String> stack) {}

    /** @param leastNs of what is shorter no stack is asked for; {@link SlowLimits#NEVER}: of nothing */
    StackWatch(KernelMemory memory, ThreadLookup threads, StackSource source, SlowLimits limits, long leastNs,
            LongSupplier clockNs) {
        this.memory = memory;
        this.threads = threads;
        this.source = source;
        this.clockNs = clockNs;
        paidUntilNs = clockNs.getAsLong() - SECOND_NS;
        change(limits, leastNs);
    }

    /** From now on these count; the parameters as those of the constructor. */
    void change(SlowLimits newLimits, long newLeastNs) {
        limits = newLimits;
        leastNs = newLeastNs;
        limitedStates = 0;
        for (int state = 0; state < STATES; state++) {
            limitedStates |= limits.of(ThreadState.ALL.get(state)) == SlowLimits.NEVER ? 0 : 1L << state;
        }
    }

    /** From now on, until the next call, threads are in no call of these: their programs are not attached. */
    void ignoreCalls(Collection<? extends Metric> metrics) {
        unseenCalls = 0;
        for (Metric metric : metrics) {
            unseenCalls |= metric instanceof ThreadMetric of ? 1L << of.ordinal() : 0;
        }
    }

    /** Looks at all rows: some nanoseconds for each, and for each stack what the JVM needs. */
    void look() {
        if (leastNs == SlowLimits.NEVER) {
            return;
        }
        noteRowsUsed();
        callsSinceNs = Words.getOpaqueLong(memory.globals(), Globals.BEGUN_AFTER_NS);
        long nowNs = clockNs.getAsLong();
        if (nowNs - allowedNs >= SECOND_NS) {
            allowedNs = nowNs;
            left = PER_SECOND;
        }
        RecordArray rows = memory.rows();
        long limited = limitedStates;
        long dueIn = Long.MAX_VALUE;
        for (int number = 0; number < rowsUsed; number++) {
            ByteBuffer piece = rows.piece(number);
            int row = rows.offset(number);
            // State and life are neighbours. Most threads wait in a state that nobody wants to know of, and in no call.
            int word = piece.getInt(row + ThreadRow.STATE);
            int state = word & 0xff;
            boolean isOfInterest = state < STATES && (limited >> state & 1) != 0 || call(piece, row) >= 0;
            if (isOfInterest && (word >> Byte.SIZE & 0xff) == RowLife.ROW_LIVE && canBeAsked(state)) {
                long sinceNs = Words.getOpaqueLong(piece, row + ThreadRow.SINCE_NS);
                if (nowNs - sinceNs < leastNs) {
                    dueIn = Math.min(dueIn, leastNs - (nowNs - sinceNs));
                } else if (isSlow(piece, row, nowNs - sinceNs)) {
                    ask(number, piece, row, sinceNs);
                }
            }
        }
        dueInNs = dueIn;
    }

    /** In how long, as of the last {@link #look}, the first of the threads is to be asked that are blocked now; ns. */
    long dueInNs() {
        return dueInNs;
    }

    /**
     * Whether a thread in that state can be asked. One in a page fault may be in Java code: the JVM could not have it
     * stop before the fault is over, and before JDK 19 all threads would wait for that. So may one that frees memory;
     * and one that was stopped by a signal.
     */
    private static boolean canBeAsked(int state) {
        return state >= BLOCKED && state < ThreadState.BLOCKED_FAULT.ordinal();
    }

    /** Rows are taken in the order of the supply: the first so many have been. */
    private void noteRowsUsed() {
        int everTaken = Words.getAcquire(memory.supplies(), Supply.HEAD);
        boolean all = Integer.compareUnsigned(everTaken, memory.rowCount()) >= 0;
        rowsUsed = Math.max(rowsUsed, all ? memory.rowCount() : everTaken);
    }

    /**
     * The thread metric of the call that the thread is in; negative: none whose end will be seen, or would have been.
     */
    private int call(ByteBuffer piece, int row) {
        int call = piece.get(row + ThreadRow.CALL) - 1;
        boolean isSeen = call >= 0 && call < ThreadMetric.ALL.size() && (unseenCalls >> call & 1) == 0
                && Words.getOpaqueLong(piece, row + ThreadRow.CALL_NS) >= callsSinceNs;
        return isSeen ? call : -1;
    }

    private boolean isSlow(ByteBuffer piece, int row, long ns) {
        int state = piece.get(row + ThreadRow.STATE);
        int call = call(piece, row);
        return state < ThreadState.ALL.size() && reaches(ns, limits.of(ThreadState.ALL.get(state)))
                || call >= 0 && reaches(ns, limits.of(ThreadMetric.ALL.get(call)));
    }

    private static boolean reaches(long ns, long limitNs) {
        return Long.compareUnsigned(ns, limitNs) >= 0;
    }

    private void ask(int number, ByteBuffer piece, int row, long sinceNs) {
        int generation = piece.getInt(row + ThreadRow.GENERATION);
        KnownThread thread = threads.find(number, generation);
        // A thread of the JVM's own, or of native code, has none; one that nobody knows yet has its turn at the next
        // look.
        if (thread == null || thread.identity().javaId() == 0 || isAsked(number, sinceNs)) {
            return;
        }
        long beginNs = clockNs.getAsLong();
        if (left == 0 || paidUntilNs - beginNs > 0) {
            return; // it has its turn at a later look, if it waits so long
        }
        left--;
        askedSinceNs[number] = sinceNs;
        List<String> stack = source.stackOf(thread.identity().javaId());
        pay(beginNs, clockNs.getAsLong() - beginNs);
        boolean same = Words.getOpaqueLong(piece, row + ThreadRow.SINCE_NS) == sinceNs
                && piece.getInt(row + ThreadRow.GENERATION) == generation;
        if (same && taken.size() == KEPT) {
            taken.removeFirst();
        }
        if (same) {
            taken.addLast(new Taken(number, generation, clockNs.getAsLong(), stack));
        }
    }

    private void pay(long nowNs, long tookNs) {
        long fromNs = Math.max(paidUntilNs, nowNs - SECOND_NS);
        paidUntilNs = fromNs + TIME_SHARE * tookNs;
    }

    private boolean isAsked(int row, long sinceNs) {
        if (askedSinceNs == null) {
            askedSinceNs = new long[memory.rowCount()];
        }
        return askedSinceNs[row] == sinceNs;
    }

    /** The last stack that was taken of the thread within these times; empty if there is none. */
    List<String> stackOf(int row, int generation, long sinceNs, long untilNs) {
        List<String> last = List.of();
        for (Taken one : taken) {
            boolean within = one.atNs >= sinceNs && one.atNs <= untilNs;
            if (within && one.row == row && one.generation == generation && !one.stack.isEmpty()) {
                last = one.stack;
            }
        }
        return last;
    }
}
