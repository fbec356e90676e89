package io.bpfagent.cli.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bpfagent.cli.control.PausesDocument.Occupant;
import io.bpfagent.cli.control.PausesDocument.PausedThread;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A process may have any name, those of our words too. */
class OccupantWordsTest {

    private static final long MS = 1_000_000;

    private static PausedThread thread(Occupant... occupants) {
        return new PausedThread(7, "GC Thread#0", PausedThread.GC, Map.of(), 0, 0, List.of(occupants));
    }

    private static String times(Occupant... occupants) {
        return OccupantWords.of(List.of(thread(occupants))).times(9).replace('\u00a0', ' ');
    }

    private static Occupant process(String name, long ms) {
        return new Occupant(Occupant.PROCESS, name, ms * MS);
    }

    @Test
    void aProcessIsNeverTakenForSomethingElse() {
        assertEquals("own 9.00 ms, own threads 8.00 ms, idle 7.00 ms, idle CPU 6.00 ms, throttled 5.00 ms,"
            + " CPU quota 4.00 ms, unknown 3.00 ms, process 'unknown' 2.00 ms, process 'kernel threads' 1.00 ms",
            times(process("own", 9), new Occupant(Occupant.OWN, "own", 8 * MS), process("idle", 7),
                new Occupant(Occupant.IDLE, "idle", 6 * MS), process("throttled", 5),
                new Occupant(Occupant.THROTTLED, "throttled", 4 * MS),
                new Occupant(Occupant.UNKNOWN, "unknown", 3 * MS),
                process("unknown", 2), process("kernel threads", 1)));
        assertEquals("taken by idle", OccupantWords.of(List.of(thread(process("idle", 1)))).verdict());
        assertEquals("waking up on an idle CPU",
            OccupantWords.of(List.of(thread(new Occupant(Occupant.IDLE, "idle", MS)))).verdict());
        assertEquals("taken by throttled, throttled by the cgroup's CPU quota",
            OccupantWords.of(List.of(thread(process("throttled", 2),
                new Occupant(Occupant.THROTTLED, "throttled", MS)))).verdict());
        assertEquals("another java", times(process("java", 1)));
    }

    @Test
    void addsUpByKindAndName() {
        OccupantWords words = OccupantWords.of(List.of(
            thread(process("cgroup", 3), new Occupant(Occupant.CGROUP, "cgroup", 2 * MS)),
            thread(new Occupant(Occupant.CGROUP, "cgroup", 2 * MS), process("cgroup", 3))));
        assertEquals("cgroup 6.00 ms, same cgroup 4.00 ms", words.times(2).replace('\u00a0', ' '));
    }

    @Test
    void whatIsNotToldIsUnknown() {
        assertEquals("unknown", times(new Occupant(null, null, MS)));
        assertEquals("hypervisor", times(new Occupant("hypervisor", "hypervisor", MS)));
    }
}
