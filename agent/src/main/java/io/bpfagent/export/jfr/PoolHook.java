package io.bpfagent.export.jfr;

import io.bpfagent.correlation.PoolUsage;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.StateTimes;
import io.bpfagent.correlation.ThreadState;

/** Makes an event for each pool when a recording's period is over, on JFR's own thread, to which nothing is thrown. */
final class PoolHook implements Runnable {
    private volatile Snapshot latest;
    private volatile long made;

    /** From any thread. */
    void update(Snapshot snapshot) {
        latest = snapshot;
    }

    /** How many events there have been; JFR calls from one thread. */
    long made() {
        return made;
    }

    @Override
    public void run() {
        Snapshot snapshot = latest;
        if (snapshot == null) {
            return;
        }
        try {
            for (PoolUsage pool : snapshot.pools()) {
                event(pool, snapshot.atNs() - snapshot.beganNs()).commit();
            }
            made += snapshot.pools().size();
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            // Not on the host's thread; those that came until now are in the recording, and the next period comes.
            latest = null;
        }
    }

    static PoolStatesType event(PoolUsage pool, long measuredNs) {
        StateTimes times = pool.times();
        PoolStatesType event = new PoolStatesType();
        event.pool = pool.pool();
        event.kind = pool.kind().label();
        event.threads = pool.threads();
        event.ended = pool.ended();
        event.measured = measuredNs;
        event.total = times.wallNs();
        event.running = times.timeNs(ThreadState.RUNNING);
        event.runnable = times.timeNs(ThreadState.RUNNABLE);
        event.blockedMonitor = times.timeNs(ThreadState.BLOCKED_MONITOR);
        event.blockedPark = times.timeNs(ThreadState.BLOCKED_PARK);
        event.blockedWait = times.timeNs(ThreadState.BLOCKED_WAIT);
        event.blockedSleep = times.timeNs(ThreadState.BLOCKED_SLEEP);
        event.blockedSafepoint = times.timeNs(ThreadState.BLOCKED_SAFEPOINT);
        event.blockedVm = times.timeNs(ThreadState.BLOCKED_VM);
        event.blockedFutex = times.timeNs(ThreadState.BLOCKED_FUTEX);
        event.blockedPoll = times.timeNs(ThreadState.BLOCKED_POLL);
        event.blockedSocket = times.timeNs(ThreadState.BLOCKED_SOCKET);
        event.blockedDisk = times.timeNs(ThreadState.BLOCKED_DISK);
        event.blockedFault = times.timeNs(ThreadState.BLOCKED_FAULT);
        event.blockedReclaim = times.timeNs(ThreadState.BLOCKED_RECLAIM);
        event.blockedProcess = times.timeNs(ThreadState.BLOCKED_PROCESS);
        event.blockedOther = times.timeNs(ThreadState.BLOCKED_OTHER);
        return event;
    }
}
