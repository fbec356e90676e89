package io.bpfagent.truth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.Loss;
import io.bpfagent.correlation.Occupant;
import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.PauseRole;
import io.bpfagent.correlation.PauseThread;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.ThreadState;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What the agent tells of pauses, beside what happened in them. */
final class PauseComparison {
    private final Machine machine;
    private final Set<Long> seen = new HashSet<>();
    /** Of the pauses told of so far. */
    private long exact;

    PauseComparison(Machine machine) {
        this.machine = machine;
    }

    /** How many of them were compared to the nanosecond. */
    long exact() {
        return exact;
    }

    /** Compares those that are new. */
    void compare(Snapshot now) {
        for (Pause pause : now.pauses()) {
            if (seen.add(pause.number())) {
                PauseTruth truth = machine.hotSpot.pauses.get((int) pause.number() - 1);
                compare(pause, truth, now.losses().get(Loss.LOST_PAUSE_RECORDS));
            }
        }
    }

    private void compare(Pause pause, PauseTruth truth, long lost) {
        String what = "pause " + pause.number() + " ";
        assertEquals(truth.endNs - truth.beginNs, pause.totalNs(), what + "total");
        assertEquals(truth.isCollection, pause.gc(), what + "gc");
        assertEquals(truth.isReached() ? truth.operation : Pause.UNKNOWN_OPERATION, pause.operation(), what);
        long reachedNs = truth.isReached() ? truth.reachedNs : truth.endNs;
        assertEquals(reachedNs - truth.beginNs, pause.timeToSafepointNs(), what + "reached");
        addsUp(what, pause);
        if (!truth.isReached()) {
            assertTrue(pause.incomplete(), what + "was not reached");
        }
        if (machine.isExact() && lost == 0) {
            assertEquals(!truth.isReached() || !truth.hasMaker, pause.incomplete(), what + "incomplete");
            if (!pause.incomplete() && truth.isToldExactly()) {
                exact++;
                compareParts(what, pause, truth);
                compareThreads(what, pause, truth);
            }
        }
    }

    private static void addsUp(String what, Pause pause) {
        assertEquals(pause.totalNs(), pause.parts().sumNs(), what + "parts");
        assertTrue(pause.parts().reachingNs() >= 0 && pause.parts().workingNs() >= 0 && pause.parts().noCpuNs() >= 0,
                what + pause.parts());
        assertEquals(pause.timeToSafepointNs(), pause.parts().reachingNs(), what + "reaching");
        assertEquals(pause.totalNs(), pause.threads().get(0).times().wallNs(), what + "the VM thread");
        for (PauseThread thread : pause.threads()) {
            assertTrue(thread.times().wallNs() <= pause.totalNs(), what + thread);
            assertEquals(thread.times().timeNs(ThreadState.RUNNABLE),
                    thread.occupants().stream().mapToLong(Occupant::ns).sum(), what + thread);
            assertTrue(thread.occupants().stream().allMatch(occupant -> occupant.ns() > 0), what + thread);
            assertTrue(thread.minorFaults() >= 0 && thread.majorFaults() >= 0, what + thread);
        }
    }

    private static void compareParts(String what, Pause pause, PauseTruth truth) {
        assertEquals(truth.workingNs, pause.parts().workingNs(), what + "working");
        assertEquals(truth.noCpuNs, pause.parts().noCpuNs(), what + "no CPU");
        for (ThreadState state : ThreadState.ALL) {
            assertEquals(truth.vmBlockedNs[state.ordinal()], pause.parts().vmBlocked().timeNs(state), what + state);
        }
    }

    private static void compareThreads(String what, Pause pause, PauseTruth truth) {
        Map<Integer, PauseThread> told = new HashMap<>();
        pause.threads().stream().filter(thread -> thread.role() != PauseRole.LATE)
                .forEach(thread -> told.put(thread.tid(), thread));
        truth.timesNs.forEach((account, timesNs) -> {
            PauseThread thread = told.get(account.task.innerTid);
            if (!PauseTruth.works(account)) {
                return;
            }
            if (thread == null) {
                assertEquals(0, timesNs[0] + timesNs[1], what + "leaves out " + account.task.identity);
                return;
            }
            long[] toldNs = new long[Account.STATES];
            for (ThreadState state : ThreadState.ALL) {
                toldNs[state.ordinal()] = thread.times().timeNs(state);
            }
            assertEquals(Arrays.toString(timesNs), Arrays.toString(toldNs), what + account.task.identity);
        });
    }
}
