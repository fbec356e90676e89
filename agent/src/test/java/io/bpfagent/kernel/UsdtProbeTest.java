package io.bpfagent.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.hotspot.HotSpot;
import io.bpfagent.hotspot.HotSpots;
import io.bpfagent.hotspot.WaitClues;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class UsdtProbeTest {
    private static final Set<String> ALL =
            Set.of("hotspot:thread__start", "hotspot:thread__sleep__begin", "hotspot:thread__sleep__end");
    private static final WaitClues NO_SLEEP = new WaitClues(-1, -1, -1, 0, 0);

    private static List<String> attached(HotSpot hotSpot, boolean allowed) {
        return UsdtProbe.wanted(hotSpot, allowed).stream().filter(UsdtProbe::wanted).map(UsdtProbe::program).toList();
    }

    private static List<String> reportedMissing(HotSpot hotSpot, boolean allowed) {
        return UsdtProbe.wanted(hotSpot, allowed).stream().filter(probe -> probe.reported() && !probe.wanted())
                .map(UsdtProbe::missing).distinct().toList();
    }

    @Test
    void sleepNeedsNoProbeWhereItsFutexIsKnown() {
        assertEquals(List.of("thread_start"), attached(HotSpots.full(), true));
        assertEquals(List.of(), reportedMissing(HotSpots.full(), true));
    }

    @Test
    void sleepIsMarkedByProbesWhereItsFutexIsNotKnown() {
        assertEquals(List.of("thread_start", "sleep_begin", "sleep_end"),
                attached(HotSpots.of(NO_SLEEP, ALL), true));
    }

    @Test
    void saysWhatTheJvmWasBuiltWithout() {
        HotSpot hotSpot = HotSpots.of(HotSpots.WAITS, Set.of());
        assertEquals(List.of(), attached(hotSpot, true));
        assertEquals(List.of("this JVM was built without the note hotspot:thread__start"),
                reportedMissing(hotSpot, true));
    }

    @Test
    void noneAtAllWhenSwitchedOffOrOnAnotherJvm() {
        assertEquals(List.of(), attached(HotSpots.of(NO_SLEEP, ALL), false));
        assertEquals(List.of("switched off with usdt=off"), reportedMissing(HotSpots.of(NO_SLEEP, ALL), false));
        assertEquals(List.of(), attached(HotSpots.unknown(), true));
        assertEquals(3, UsdtProbe.wanted(HotSpots.unknown(), true).stream().filter(UsdtProbe::reported).count());
    }

    @Test
    void everyProgramIsListedSoThatTheOthersCanBeLeftOut() {
        for (HotSpot hotSpot : List.of(HotSpots.full(), HotSpots.unknown(), HotSpots.of(NO_SLEEP, ALL))) {
            assertEquals(List.of("thread_start", "sleep_begin", "sleep_end"),
                    UsdtProbe.wanted(hotSpot, true).stream().map(UsdtProbe::program).toList());
        }
        assertTrue(new UsdtProbe("p", "hotspot", "x", null).wanted());
        assertFalse(new UsdtProbe("p", "hotspot", "x", "").reported());
    }
}
