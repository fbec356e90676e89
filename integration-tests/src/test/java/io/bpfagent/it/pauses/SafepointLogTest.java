package io.bpfagent.it.pauses;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bpfagent.it.pauses.SafepointLog.Safepoint;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SafepointLogTest {
    private static final List<String> OF_17 = List.of(
            "[1700000000001ms][vmthread        ] Evaluating  safepoint VM operation: GenCollectFull",
            "[1700000000002ms][gc,start        ] GC(17) Pause Full (System.gc())",
            "[1700000000003ms][gc              ] GC(17) Pause Full (System.gc()) 6M->2M(61M) 0.722ms",
            "[1700000000004ms][safepoint       ] Safepoint \"GenCollectFull\", Time since last: 311305 ns, "
                    + "Reaching safepoint: 321 ns, Cleanup: 3945 ns, At safepoint: 730691 ns, Total: 734957 ns",
            "[1700000000005ms][vmthread        ] Evaluating  non-safepoint VM operation: HandshakeAllThreads",
            "[1700000000006ms][safepoint       ] Safepoint \"ThreadDump\", Time since last: 1 ns, "
                    + "Reaching safepoint: 10 ns, Cleanup: 20 ns, At safepoint: 30 ns, Total: 60 ns");
    private static final List<String> OF_25 = List.of(
            "[1700000000001ms][vmthread         ] Adding VM operation: ZRelocateStartOld",
            "[1700000000001ms][vmthread         ] Executing safepoint VM operation: ZRelocateStartOld (Proactive)",
            "[1700000000002ms][gc,phases        ] GC(2) O: Pause Relocate Start 0.003ms",
            "[1700000000003ms][safepoint        ] Safepoint \"ZRelocateStartOld\", Time since last: 314589 ns, "
                    + "Reaching safepoint: 641 ns, At safepoint: 7832 ns, Leaving safepoint: 541 ns, Total: 9014 ns, "
                    + "Threads: 0 runnable, 10 total");

    @Test
    void reachingAndCleanupOfJdk17AreBothTimeToSafepoint() {
        SafepointLog log = SafepointLog.of(OF_17.stream());
        assertEquals(List.of(new Safepoint(1700000000004L, "GenCollectFull", 4266, 734957, true),
                new Safepoint(1700000000006L, "ThreadDump", 30, 60, false)), log.safepoints());
        assertEquals(1, log.gcPauses());
        assertEquals(Map.of("GenCollectFull", 1L, "HandshakeAllThreads", 1L), log.countsByOperation());
    }

    @Test
    void readsTheLinesOfJdk25() {
        SafepointLog log = SafepointLog.of(OF_25.stream());
        assertEquals(List.of(new Safepoint(1700000000003L, "ZRelocateStartOld", 641, 9014, true)), log.safepoints());
        assertEquals(Map.of("ZRelocateStartOld", 1L), log.countsByOperation());
    }

    @Test
    void safepointHasTheNameThatTheVmThreadGivesIt() {
        SafepointLog log = SafepointLog.of(Stream.of(
                "[1ms][vmthread] Executing safepoint VM operation: Shenandoah Init Marking",
                "[2ms][safepoint] Safepoint \"ShenandoahInitMark\", Time since last: 1 ns, "
                        + "Reaching safepoint: 10 ns, At safepoint: 30 ns, Leaving safepoint: 1 ns, Total: 60 ns",
                "[3ms][vmthread] Executing safepoint VM operation: G1CollectFull (System.gc())",
                "[4ms][vmthread] Executing nested safepoint VM operation: Other (x)",
                "[5ms][safepoint] Safepoint \"G1CollectFull\", Time since last: 1 ns, "
                        + "Reaching safepoint: 10 ns, At safepoint: 30 ns, Leaving safepoint: 1 ns, Total: 60 ns"));
        assertEquals(List.of("Shenandoah Init Marking", "G1CollectFull"), log.names());
        assertEquals(List.of("Shenandoah Init Marking", "G1CollectFull", "Other"), log.operations());
    }

    @Test
    void tellsWhatWasAddedSinceAnEarlierReading() {
        SafepointLog earlier = SafepointLog.of(OF_17.subList(0, 4).stream());
        SafepointLog added = SafepointLog.of(OF_17.stream()).since(earlier);
        assertEquals(List.of("ThreadDump"), added.names());
        assertEquals(List.of("HandshakeAllThreads"), added.operations());
    }
}
