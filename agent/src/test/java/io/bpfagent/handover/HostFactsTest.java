package io.bpfagent.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bpfagent.hotspot.Finding;
import io.bpfagent.hotspot.HotSpot;
import io.bpfagent.hotspot.HotSpotLayout;
import io.bpfagent.hotspot.TlsLocation;
import io.bpfagent.hotspot.WaitClues;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HostFactsTest {
    static final HostFacts FACTS = new HostFacts(23, "threads=64", 25, -120,
            Optional.of(new HotSpotLayout(800, 4, 8, 12, 1700, 1, 2, 3)), Optional.of(new TlsLocation(2, 32)),
            new WaitClues(900, 1000, 1100, 0x7f00_0000_1000L, 0x7f00_0000_1040L), 0x7f11_0000_0000L, 12,
            List.of("DTraceMonitorProbes"));

    @Test
    void arriveAsTheyWere() throws HandOverException {
        assertEquals(FACTS, HostFacts.of(JsonParser.parseString(FACTS.toJson().toString()).getAsJsonObject()));
    }

    @Test
    void arriveOfAJvmOfWhichLittleIsKnown() throws HandOverException {
        HostFacts little = new HostFacts(0, "", 17, 0, Optional.empty(), Optional.empty(),
                new WaitClues(-1, -1, -1, 0, 0), 0, 0, List.of());
        assertEquals(little, HostFacts.of(little.toJson()));
        assertFalse(little.hotSpot(new Finding<>(Optional.empty(), "none")).layout().found());
    }

    @Test
    void areWhatTheLoaderTakes() {
        HotSpot hotSpot = FACTS.hotSpot(new Finding<>(Optional.empty(), "none"));
        assertEquals(32, hotSpot.tls().value().get().offset());
        assertEquals(12, hotSpot.descriptorOffset());
        assertTrue(hotSpot.flags().isOff("DTraceMonitorProbes"));
        assertFalse(hotSpot.flags().isOff("DTraceAllocProbes"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "schema|2", "schema|\"x\"", "layout|[1,2,3]", "layout|[70000,4,8,12,1700,1,2,3]",
                "layout|[1,2,3,4,5,6,7,\"x\"]",
        "layout|7", "tls|[300,0]", "tls|[0,0]", "tls|[1,-1]", "waits|[1]", "waits|null", "release|3",
        "release|99999999999", "errnoOffset|1099511627776", "descriptorOffset|-1", "descriptorOffset|100000",
        "objects|null", "arguments|null", "flagsOff|{}", "waitBarrier|{}"})
    void areRefusedWhenTheyMakeNoSense(String key, String value) {
        JsonObject forged = FACTS.toJson();
        forged.add(key, JsonParser.parseString(value));
        assertThrows(HandOverException.class, () -> HostFacts.of(forged));
        forged.remove(key);
        if (!key.equals("layout") && !key.equals("tls")) {
            assertThrows(HandOverException.class, () -> HostFacts.of(forged));
        }
    }
}
