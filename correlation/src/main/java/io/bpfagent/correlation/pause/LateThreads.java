package io.bpfagent.correlation.pause;

import io.bpfagent.correlation.KnownThread;
import io.bpfagent.correlation.ThreadKind;
import io.bpfagent.records.RecordLayouts.ThreadState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Finds the threads that a pause waited for: those that stopped in the second half of the time to safepoint.
 *
 * <p>A thread stops when it begins to wait for the safepoint's end, or for something for which HotSpot lets it
 * wait at a safepoint (a monitor, a park, a socket ...); one that was in such a wait at the begin was never waited
 * for. It does not stop in a page fault. Of some waits only HotSpot knows: a read of a file may be that of native
 * code, for which no pause waits, or that of the VM's own code, for which it does; and a thread that is runnable at
 * the begin may be preempted or just woken. Such a thread counts as stopped since then, unless it runs on for longer
 * than stopping takes, or unless no other explains the time: then the pause waited for the last of them.
 */
final class LateThreads {
    /** As many as are listed: the latest. */
    static final int MOST = 8;
    /** Where all threads stop sooner than that, nobody is late. */
    static final long LEAST_REACHING_NS = 100_000;
    /** For how long a thread runs on after HotSpot has seen that it stops: to the kernel and off its CPU. */
    static final long STOPPING_NS = 50_000;

    /**
     * From the last thread's stop until the VM thread knows of it: it sleeps for up to 1 ms between two looks, and
     * JDK 17 wakes its Service Thread before it goes on. More in proportion, because it may wait for a CPU as the
     * others do.
     */
    static final long KNOWING_NS = 2_000_000;
    private static final int KNOWING_SHARE = 10;

    private static final int SAFE = 1 << ThreadState.STATE_BLOCKED_MONITOR | 1 << ThreadState.STATE_BLOCKED_PARK
            | 1 << ThreadState.STATE_BLOCKED_WAIT | 1 << ThreadState.STATE_BLOCKED_SLEEP
            | 1 << ThreadState.STATE_BLOCKED_SAFEPOINT | 1 << ThreadState.STATE_BLOCKED_FUTEX
            | 1 << ThreadState.STATE_BLOCKED_POLL | 1 << ThreadState.STATE_BLOCKED_SOCKET;
    private static final int UNCLEAR = 1 << ThreadState.STATE_RUNNABLE | 1 << ThreadState.STATE_BLOCKED_VM
            | 1 << ThreadState.STATE_BLOCKED_DISK | 1 << ThreadState.STATE_BLOCKED_PROCESS
            | 1 << ThreadState.STATE_BLOCKED_OTHER;
    private static final long NEVER = -1;

    private final List<Late> found = new ArrayList<>();

    /** A thread that may have been late. */
    static final class Late implements Comparable<Late> {
        final int thread;
        /** Null if nothing is known of it. */
        KnownThread known;
        /** When it stopped, if no wait before has stopped it. */
        private final long latestNs;
        /** When it began the first wait that may have stopped it, {@link #NEVER} if it was in one already. */
        private final long firstNs;
        /** Until when it was in an unclear wait that had begun before the pause. */
        private long asleepUntilNs;
        private boolean clear;

        Late(int thread, long firstNs, long latestNs, boolean clear) {
            this.thread = thread;
            this.firstNs = firstNs;
            this.latestNs = latestNs;
            this.clear = clear;
        }

        long stopNs() {
            return clear ? latestNs : firstNs;
        }

        @Override
        public int compareTo(Late other) {
            return Long.compare(stopNs(), other.stopNs());
        }
    }

    /** The late threads in the order in which they stopped; valid until the next call. */
    List<Late> find(PauseWindow window, WindowThreads threads) {
        found.clear();
        EndedPause pause = window.pause();
        if (pause.reachingNs() < LEAST_REACHING_NS) {
            return found;
        }
        long halfNs = pause.beginNs() + pause.reachingNs() / 2;
        for (int thread = 0; thread < threads.size(); thread++) {
            if (threads.key(thread) != pause.thread()) {
                look(window, threads, thread, halfNs);
            }
        }
        decideUnclear(pause.reachedNs() - Math.max(KNOWING_NS, pause.reachingNs() / KNOWING_SHARE));
        Collections.sort(found);
        int first = Math.max(0, found.size() - MOST);
        while (first < found.size() && found.get(first).stopNs() <= halfNs) {
            first++;
        }
        return found.subList(first, found.size());
    }

    private void look(PauseWindow window, WindowThreads threads, int thread, long halfNs) {
        Records log = window.records();
        long reachedNs = window.pause().reachedNs();
        int stay = threads.first(thread);
        int state = log.state(stay);
        // What began after that tells nothing: of most threads only the runs are recorded from then on.
        if (isOneOf(SAFE, state) || log.sinceNs(stay) >= reachedNs) {
            return;
        }
        boolean unclear = isOneOf(UNCLEAR, state);
        boolean hasRun = state == ThreadState.STATE_RUNNING;
        long firstNs = NEVER;
        long ranNs = 0;
        for (; stay != WindowThreads.NONE && log.untilNs(stay) <= reachedNs; stay = threads.next(stay)) {
            ranNs += ranNs(log, stay, window.pause());
            if (ranNs > STOPPING_NS) {
                unclear = false;
                firstNs = NEVER;
            }
            state = log.next(stay);
            if (log.ended(stay) || isOneOf(SAFE, state)) {
                boolean atSafepoint = !log.ended(stay) && state == ThreadState.STATE_BLOCKED_SAFEPOINT;
                add(window, threads, new Late(thread, firstNs, log.untilNs(stay), !unclear), halfNs, atSafepoint);
                return;
            }
            hasRun |= state == ThreadState.STATE_RUNNING;
            if (isOneOf(UNCLEAR, state) && state != ThreadState.STATE_RUNNABLE) {
                firstNs = unclear ? firstNs : log.untilNs(stay);
                unclear = true;
                ranNs = 0;
            }
        }
        ranNs += stay == WindowThreads.NONE ? 0 : ranNs(log, stay, window.pause());
        unclear &= ranNs <= STOPPING_NS;
        boolean onItsWay = state == ThreadState.STATE_RUNNING || state == ThreadState.STATE_RUNNABLE;
        if (hasRun && onItsWay && stopsAtOnce(log, threads, stay, reachedNs)) {
            add(window, threads, new Late(thread, firstNs, reachedNs, !unclear), halfNs, true);
        } else if (firstNs != NEVER) {
            add(window, threads, new Late(thread, firstNs, firstNs, true), halfNs, false);
        }
    }

    /** Of a stay, how long the thread ran until the safepoint was reached. */
    private static long ranNs(Records log, int stay, EndedPause pause) {
        return log.leavesCpu(stay) ? Math.max(0,
                Math.min(log.untilNs(stay), pause.reachedNs()) - Math.max(log.sinceNs(stay), pause.beginNs())) : 0;
    }

    /**
     * Whether a thread that was running when the safepoint was reached, or wanted to, was stopping just then. HotSpot
     * sees a thread stop before it leaves its CPU; it may lose that in between, and for long.
     *
     * @param stay its first that ended after that
     */
    private static boolean stopsAtOnce(Records log, WindowThreads threads, int stay, long reachedNs) {
        long ranNs = 0;
        for (int i = stay; i != WindowThreads.NONE; i = threads.next(i)) {
            if (log.leavesCpu(i)) {
                ranNs += log.untilNs(i) - Math.max(reachedNs, log.sinceNs(i));
                if (ranNs > STOPPING_NS || log.next(i) != ThreadState.STATE_RUNNABLE) {
                    return ranNs <= STOPPING_NS && !log.ended(i) && log.next(i) == ThreadState.STATE_BLOCKED_SAFEPOINT;
                }
            }
        }
        return false;
    }

    private static boolean isOneOf(int states, int state) {
        return (states >>> state & 1) != 0;
    }

    private void add(PauseWindow window, WindowThreads threads, Late late, long halfNs, boolean atSafepoint) {
        if (late.latestNs > halfNs) {
            late.known = window.known(late.thread);
            if (isStoppedBySafepoints(late.known, atSafepoint)) {
                int first = threads.first(late.thread);
                int state = window.records().state(first);
                boolean asleep = isOneOf(UNCLEAR, state) && state != ThreadState.STATE_RUNNABLE;
                late.asleepUntilNs = asleep ? window.records().untilNs(first) : window.pause().beginNs();
                found.add(late);
            }
        }
    }

    /** Java threads are, known as such or not; only they wait for the safepoint's end. */
    private static boolean isStoppedBySafepoints(KnownThread known, boolean atSafepoint) {
        ThreadKind kind = known == null ? ThreadKind.OTHER : known.identity().kind();
        if (kind == ThreadKind.GC) {
            return false;
        }
        return atSafepoint || known != null && known.identity().javaId() != 0 || kind == ThreadKind.COMPILER;
    }

    /** @param knownFromNs who stops clearly from then on explains the time, and nobody who has slept until then does */
    private void decideUnclear(long knownFromNs) {
        Late latest = null;
        boolean explained = false;
        for (Late late : found) {
            explained |= late.clear && late.latestNs >= knownFromNs && late.asleepUntilNs < knownFromNs;
            latest = latest == null || late.latestNs > latest.latestNs ? late : latest;
        }
        for (int i = found.size() - 1; explained && i >= 0; i--) {
            if (found.get(i).asleepUntilNs >= knownFromNs) {
                found.remove(i);
            }
        }
        if (!explained && latest != null) {
            latest.clear = true;
        }
    }
}
