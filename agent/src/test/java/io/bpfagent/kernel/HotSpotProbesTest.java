package io.bpfagent.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.agent.Arguments;
import io.bpfagent.hotspot.HotSpot;
import io.bpfagent.hotspot.HotSpotProbe;
import io.bpfagent.hotspot.HotSpots;
import io.bpfagent.hotspot.Registers;
import io.bpfagent.hotspot.UsdtSite;
import io.bpfagent.records.RecordLayouts.ArgumentKind;
import io.bpfagent.records.RecordLayouts.ProbeArgument;
import io.bpfagent.records.RecordLayouts.ProbeSite;
import io.bpfagent.report.Probe;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HotSpotProbesTest {
    private static HotSpotProbes probes(List<UsdtSite> sites, String arguments) throws Exception {
        HotSpot hotSpot = HotSpots.of(HotSpots.WAITS, sites);
        return new HotSpotProbes(ProbeChooser.choose(hotSpot, Arguments.read(arguments), Registers.X86_64, 25, true),
                "/libjvm.so");
    }

    @Test
    void tellsTheProgramWhereTheArgumentsStand() throws Exception {
        ByteBuffer sites = ByteBuffer.allocate(HotSpotProbes.SITES_BYTES).order(ByteOrder.nativeOrder());
        probes(List.of(HotSpots.site(HotSpotProbe.GC_BEGIN, "1@$1"),
                HotSpots.site(HotSpotProbe.THREAD_START, "8@%r13 -4@-60(%rbp) -8@$1 8@(%rax,%rbx,2)")), "")
                .write(sites);
        assertEquals(HotSpotProbe.THREAD_START.number(), sites.getInt(ProbeSite.PROBE));
        assertArgument(sites, 0, ArgumentKind.ARGUMENT_REGISTER, 16, 0, 8);
        assertArgument(sites, 1, ArgumentKind.ARGUMENT_MEMORY, 32, -60, -4);
        assertArgument(sites, 2, ArgumentKind.ARGUMENT_CONSTANT, 0, 1, -8);
        assertArgument(sites, 3, ArgumentKind.ARGUMENT_NONE, 0, 0, 0);
        ByteBuffer second = sites.slice(ProbeSite.SIZE, ProbeSite.SIZE).order(ByteOrder.nativeOrder());
        assertEquals(HotSpotProbe.GC_BEGIN.number(), second.getInt(ProbeSite.PROBE));
        assertArgument(second, 0, ArgumentKind.ARGUMENT_NONE, 0, 0, 0);
        assertEquals(0, sites.getInt(2 * ProbeSite.SIZE + ProbeSite.PROBE));
    }

    private static void assertArgument(ByteBuffer site, int number, int kind, int register, long value, int bytes) {
        int at = ProbeSite.ARGUMENTS + number * ProbeArgument.SIZE;
        assertEquals(kind, site.get(at + ProbeArgument.KIND));
        assertEquals(register, site.getShort(at + ProbeArgument.REGISTER_OFFSET));
        assertEquals(value, site.getLong(at + ProbeArgument.VALUE));
        assertEquals(bytes, site.get(at + ProbeArgument.BYTES));
    }

    @Test
    void reportsEachProbeWithItsSites() throws Exception {
        HotSpotProbes probes = probes(HotSpots.allSites(), "metrics=object_alloc");
        assertTrue(probes.any());
        assertEquals(List.of(
                new Probe("thread__start", Probe.ATTACHED, "hotspot, 1 site", 0, 0),
                new Probe("safepoint__begin", Probe.ATTACHED, "hs_private, 1 site", 0, 0),
                new Probe("safepoint__end", Probe.ATTACHED, "hs_private, 1 site", 0, 0),
                new Probe("vmops__begin", Probe.ATTACHED, "hotspot, 1 site", 0, 0),
                new Probe("vmops__end", Probe.ATTACHED, "hotspot, 1 site", 0, 0),
                new Probe("gc__begin", Probe.ATTACHED, "hotspot, 2 sites", 0, 0),
                new Probe("object__alloc", Probe.UNSUPPORTED,
                        "needs -XX:+DTraceAllocProbes; missing: object_alloc", 0, 0)),
                probes.outcomes(false));
        Probe failed = probes.outcomes(true).get(5);
        assertEquals(Probe.FAILED, failed.status());
        assertEquals("hotspot_probe could not be attached; missing: gc_pause", failed.detail());
        assertEquals(Probe.UNSUPPORTED, probes.outcomes(true).get(6).status());
    }

    @Test
    void nothingIsAttachedWhereThereIsNothing() throws Exception {
        HotSpotProbes probes = probes(List.of(), "");
        assertFalse(probes.any());
        assertEquals(11, probes.outcomes(false).size());
    }
}
