package io.bpfagent.truth;

import java.util.ArrayList;
import java.util.List;

/**
 * Something that happens. Its numbers choose among what there is then, so that any sequence of steps can be played.
 *
 * @param afterNs since the step before
 */
record Step(Kind kind, int a, int b, long afterNs) {
    /** By how much the clock of a run queue may be behind: some scheduler ticks. */
    static final int MOST_LAG_NS = 12_000_000;

    /** What happens. */
    enum Kind {
        /** CPU a takes another task instead of its own, which can still run. */
        PREEMPT,
        /** CPU a's task blocks, in situation b; the scheduler may leave it on its run queue until later. */
        BLOCK,
        /** A blocked task, number a of them, is woken and will run on CPU b. */
        WAKE,
        /** A task that is not blocked, number a of them, is woken once more. */
        WAKE_FOR_NOTHING,
        /** CPU a's task starts another: b says whose, and which number it has. */
        FORK,
        /** CPU a's task ends. */
        EXIT,
        /** CPU a's task has page faults. */
        FAULTS,
        /** The JVM gets to know CPU a's thread, or forgets it. */
        ATTACH,
        /** CPU a's thread begins to work on b. */
        CONTEXT,
        /** CPU a's thread is said to begin, with name b. */
        NAME,
        /** CPU a's thread begins to initialize class b, or has done so; or likewise with a compilation. */
        INITIALIZE,
        COMPILE,
        /** A thread, number a of them, has another name from now on. */
        RENAME,
        /** The clock of CPU a's run queue is so much behind: b. */
        LAG,
        /** Nobody sees the next event. */
        LOSE,
        /** The task iterator looks for threads that have no row. */
        SEED,
        /** The agent reads. */
        READ,
        /** The VM thread, if it runs, begins a safepoint, or ends the one that is under way. */
        PAUSE,
        /** It begins a VM operation, number b by its name, or ends the one that is under way. */
        OPERATION,
        /** It tells of a collection. */
        COLLECT,
        /** The agent empties the ring of pauses. */
        LOOK,
    }

    /** The same with less in it, the least first. */
    List<Step> simpler() {
        List<Step> simpler = new ArrayList<>();
        for (long ns : new long[] {0, 1_000, 1_000_000}) {
            for (int number : new int[] {0, 1, 2, 3, b}) {
                if (ns <= afterNs && number <= b) {
                    simpler.add(new Step(kind, Math.min(a, number), number, ns));
                    simpler.add(new Step(kind, a, number, ns));
                }
            }
        }
        return simpler;
    }

    @Override
    public String toString() {
        return "+" + afterNs + " " + kind + "(" + a + ", " + b + ")";
    }
}
