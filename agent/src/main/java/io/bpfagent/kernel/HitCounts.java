package io.bpfagent.kernel;

import io.bpfagent.correlation.PoolUsage;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.StateTimes;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.records.RecordLayouts.Globals;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * How often programs came to work: counted by themselves where that is rare, and else told by what they have added up.
 *
 * @param globals  mapped
 * @param switches of threads of the host, away from a CPU and to one, as of the last snapshot
 * @param wakeUps  of threads of the host, likewise
 * @param threads  that have begun
 */
record HitCounts(ByteBuffer globals, long switches, long wakeUps, long threads) {
    private static final int RUNNABLE = ThreadState.RUNNABLE.ordinal();

    /** As of a snapshot: each stay that has ended was ended by a switch, or if it was blocked by a wake-up. */
    static HitCounts of(Snapshot snapshot, ByteBuffer globals) {
        long switches = 0;
        long wakeUps = 0;
        long threads = 0;
        List<ThreadState> states = ThreadState.ALL;
        for (PoolUsage pool : snapshot.pools()) {
            StateTimes times = pool.times();
            threads += pool.threads() + pool.ended();
            for (int i = 0; i < states.size(); i++) {
                long count = times.count(states.get(i));
                switches += i <= RUNNABLE ? count : 0;
                wakeUps += i <= RUNNABLE ? 0 : count;
            }
        }
        return new HitCounts(globals, switches, wakeUps, threads);
    }

    /** Of {@code globals.hits}. */
    long of(int index) {
        return globals.getLong(Globals.HITS + index * Long.BYTES);
    }

    /** Of several. */
    long sum(int[] indexes) {
        long sum = 0;
        for (int index : indexes) {
            sum += of(index);
        }
        return sum;
    }
}
