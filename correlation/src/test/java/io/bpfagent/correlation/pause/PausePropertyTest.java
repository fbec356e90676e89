package io.bpfagent.correlation.pause;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.FakeThread;
import io.bpfagent.correlation.Ledger;
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
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random lives of threads, CPUs and pauses, compared with what really happened. */
class PausePropertyTest {
    private FakeMachine machine;
    private final Set<Long> seen = new HashSet<>();
    private long waitedNs;
    private long unknownNs;
    private long unreached;

    /** Hardly any threads, more than CPUs, many other processes, and looks that are seldom. */
    @ParameterizedTest
    @CsvSource({"1, 1, 0, 10", "2, 3, 2, 10", "3, 8, 3, 10", "4, 20, 1, 10", "5, 4, 12, 10", "6, 6, 4, 500"})
    void tellsWhatHappened(long seed, int workers, int others, int stepsBetweenLooks) {
        machine = new FakeMachine(seed, workers, others);
        Random random = new Random(seed);
        Ledger ledger = machine.ledger;
        PauseReader reader = new PauseReader(machine.kernel.pauses.ring, machine.kernel.memory(), ledger,
                () -> machine.kernel.nowNs, () -> 0);
        Snapshot snapshot = ledger.read();
        for (int i = 0; i < 150_000; i++) {
            machine.step();
            if (random.nextInt(stepsBetweenLooks) == 0) {
                reader.look();
            }
            if (random.nextInt(1_000) == 0) {
                snapshot = reader.addTo(ledger.read());
                for (Pause pause : snapshot.pauses()) {
                    if (seen.add(pause.number())) {
                        check(pause);
                    }
                }
            }
        }
        assertEquals(unreached == 0 ? Map.of() : Map.of(Loss.INCOMPLETE_PAUSES.key(), unreached), lost(snapshot));
        assertTrue(seen.size() > 200, "pauses: " + seen.size());
        assertTrue(unknownNs <= waitedNs / 100, "unknown: " + unknownNs + " of " + waitedNs);
    }

    private static Map<String, Long> lost(Snapshot snapshot) {
        Map<String, Long> lost = new HashMap<>();
        snapshot.losses().counts().forEach((loss, count) -> {
            if (count != 0 && !loss.isLevel()) {
                lost.put(loss.key(), count);
            }
        });
        return lost;
    }

    private void check(Pause pause) {
        PauseReaderGarbageTest.check(pause);
        FakeMachine.Truth truth = machine.truths.get(pause.number());
        String what = "pause " + pause.number() + " ";
        unreached += truth.reached ? 0 : 1;
        assertEquals(!truth.reached, pause.incomplete(), what);
        assertEquals(truth.reachingNs, pause.parts().reachingNs(), what);
        assertEquals(truth.workingNs, pause.parts().workingNs(), what);
        assertEquals(truth.noCpuNs, pause.parts().noCpuNs(), what);
        for (ThreadState state : ThreadState.values()) {
            assertEquals(truth.vmBlockedNs[state.ordinal()], pause.parts().vmBlocked().timeNs(state), what + state);
        }
        Map<Integer, PauseThread> listed = new HashMap<>();
        for (PauseThread thread : pause.threads()) {
            if (thread.role() != PauseRole.LATE) {
                listed.put(thread.tid(), thread);
            }
        }
        truth.timesNs.forEach((thread, timesNs) -> {
            if (machine.works(thread)) {
                PauseThread told = listed.get(thread.tid);
                if (told == null) {
                    assertEquals(0, timesNs[0] + timesNs[1], what + "leaves out a thread that did something");
                } else {
                    check(what + told.name() + " ", told, thread, timesNs, truth);
                }
            }
        });
    }

    private void check(String what, PauseThread told, FakeThread thread, long[] timesNs, FakeMachine.Truth truth) {
        long[] toldNs = new long[16];
        for (ThreadState state : ThreadState.values()) {
            toldNs[state.ordinal()] = told.times().timeNs(state);
        }
        assertEquals(Arrays.toString(timesNs), Arrays.toString(toldNs), what);
        Map<String, Long> occupantsNs = truth.occupantsNs.getOrDefault(thread, Map.of());
        for (Occupant occupant : told.occupants()) {
            waitedNs += occupant.ns();
            if (occupant.kind() == Occupant.Kind.UNKNOWN) {
                unknownNs += occupant.ns();
            } else {
                assertTrue(occupant.ns() <= occupantsNs.getOrDefault(occupant.who(), 0L),
                        what + told.occupants() + " really: " + occupantsNs);
            }
        }
    }
}
