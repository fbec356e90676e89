package io.bpfagent.correlation.pause;

import io.bpfagent.correlation.KnownThread;
import io.bpfagent.correlation.ThreadLookup;

import java.util.List;

/**
 * All there is to know of one pause.
 *
 * @param pause   the pause
 * @param log     the records
 * @param from    the first record that ended after the pause's begin
 * @param to      the first record that ended after the pause's end
 * @param later   the first records after that of each thread and CPU
 * @param open    what the GC threads were doing when, after the pause, the last record was read
 * @param threads who the threads are
 */
record PauseWindow(EndedPause pause, RecordLog log, int from, int to, LaterRecords later, List<OpenStay> open,
        ThreadLookup threads) {
    /**
     * A stay that had not ended.
     *
     * @param state     the kernel's number of the state, or {@link ThreadLookup#STATE_UNKNOWN}
     * @param throttled whether a wait for a CPU began when the quota was used up
     */
    record OpenStay(KnownThread thread, int state, long sinceNs, boolean throttled) {
        long key() {
            return RecordLog.thread(thread.row(), thread.generation());
        }
    }

    KnownThread find(long thread) {
        return threads.find(RecordLog.rowOf(thread), RecordLog.generationOf(thread));
    }
}
