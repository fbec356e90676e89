package io.bpfagent.correlation.pause;

import io.bpfagent.correlation.KnownThread;

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

    int from() {
        return records.from();
    }

    KnownThread known(int thread) {
        return known[thread];
    }
}
