package io.bpfagent.hotspot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class HotSpotFlagsTest {
    @Test
    void readsWhatTheJvmSays() throws Exception {
        HotSpotDiagnosticMXBean jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        try (ProcSelfMemory memory = new ProcSelfMemory()) {
            HotSpotFlags flags = new HotSpotFlags(memory, LibJvm.find(memory).value());
            for (String flag : List.of("DTraceMonitorProbes", "DTraceAllocProbes", "UseSerialGC", "UseParallelGC",
                    "UseG1GC", "UseCompressedOops", "ClassUnloading", "PrintFlagsFinal", "UseTLAB")) {
                assertEquals(jvm.getVMOption(flag).getValue().equals("false"), flags.isOff(flag), flag);
            }
            assertTrue(flags.isOff("DTraceMonitorProbes"));
            assertFalse(flags.isOff("UseTLAB"));
            assertFalse(flags.isOff("NoSuchFlag"));
        }
    }

    @Test
    void nothingIsKnownToBeOffWhereNothingCanBeRead() {
        assertFalse(new HotSpotFlags(null, Optional.empty()).isOff("DTraceMonitorProbes"));
        OwnMemory broken = (addresses, count, bytesEach, into, ok) -> Arrays.fill(ok, 0, count, false);
        LibJvm jvm = new LibJvm("/libjvm.so", Optional.empty(), 0x7f0000000000L, 0, List.of(), 0);
        assertFalse(new HotSpotFlags(broken, Optional.of(jvm)).isOff("DTraceMonitorProbes"));
    }
}
