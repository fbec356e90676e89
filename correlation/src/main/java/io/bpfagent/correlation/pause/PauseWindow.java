package io.bpfagent.correlation.pause;

import io.bpfagent.correlation.KnownThread;
import io.bpfagent.records.RecordLayouts.ThreadState;
import java.util.List;

/**
 * All there is to know of one pause. Its own, so that it can be taken apart at any time; not to be changed.
 *
 * @param pause   the pause
 * @param records first those of the pause, from the first that ended after its begin; then the first ones after
 *                the pause of each CPU and of each GC thread
 * @param to      the first record that ended after the pause's end
 * @param known   who the threads are, by the numbers that {@link WindowThreads} gives them; null of whom nothing
 *                is known
 * @param maker   the thread that made the pause, likewise
 * @param open    what the GC threads were doing when, after the pause, the last record was read
 */
record PauseWindow(EndedPause pause, Records records, int to, KnownThread[] known, KnownThread maker,
        List<OpenStay> open) {
    /**
     * A stay that had not ended.
     *
     * @param state     the kernel's number of the state, or
     *                  {@link io.bpfagent.correlation.ThreadLookup#STATE_UNKNOWN}
     * @param throttled whether a wait for a CPU began when the quota was used up
     */
    record OpenStay(KnownThread thread, int state, long sinceNs, boolean throttled) {
        long key() {
            return Records.thread(thread.row(), thread.generation());
        }
    }

    /** Of what does not happen in the pause nor soon after it. */
    static final long NEVER = Long.MAX_VALUE;

    int from() {
        return records.from();
    }

    /**
     * When a thread got the CPU for which, as far as its stays in the pause tell, it was waiting at the end, or
     * {@link #NEVER}. The kernel side leaves out the end of most waits: the run's own record or the thread's row tells.
     *
     * @param later the records after the pause
     */
    long runsFromNs(LaterRecords later, long thread) {
        int next = later.ofThread(thread);
        if (next != WindowThreads.NONE) {
            return records.leavesCpu(next) ? records.sinceNs(next) : NEVER;
        }
        for (OpenStay stay : open) {
            if (stay.key() == thread) {
                return stay.state() == ThreadState.STATE_RUNNING ? stay.sinceNs() : NEVER;
            }
        }
        return NEVER;
    }

    KnownThread known(int thread) {
        return known[thread];
    }
}
