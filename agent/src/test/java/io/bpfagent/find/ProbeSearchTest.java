package io.bpfagent.find;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over the process that runs the tests. */
final class ProbeSearchTest {
    @TempDir
    private Path directory;

    private static Map<String, Object> search(String pattern, int limit) throws IOException {
        return ProbeSearch.search("/proc/self", pattern, limit);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> probes(Map<String, Object> found) {
        return (List<Map<String, Object>>) found.get("probes");
    }

    @Test
    void everyUsdtProbeIsFoundByWhatIsListed() throws Exception {
        Map<String, Object> found = search("usdt:libjvm:*", 10_000);
        assertTrue(probes(found).size() > 300, () -> probes(found).size() + " probes");
        assertEquals(found.get("found"), probes(found).size());
        for (Map<String, Object> probe : probes(found)) {
            FoundProbe again = ProbeFinder.find(ProbeSpec.parse("mine", (String) probe.get("probe")));
            assertEquals(probe.get("places"), again.begins().size(), probe::toString);
            assertEquals(probe.get("arguments"), again.begins().get(0).arguments().size(), probe::toString);
            assertEquals(false, probe.get("singleStepped"));
            assertEquals("usdt", probe.get("kind"));
        }
    }

    @Test
    void soIsEveryFunction() throws Exception {
        List<Map<String, Object>> all = probes(search("uprobe:*", 1_000_000));
        assertTrue(all.size() > 3_000, () -> all.size() + " functions");
        for (int i = 0; i < all.size(); i += all.size() / 100) {
            Map<String, Object> probe = all.get(i);
            int places = (Integer) probe.get("places");
            if (places <= FoundProbe.MAX_SITES) {
                String slow = (Boolean) probe.get("singleStepped") ? " slow-site=yes" : "";
                FoundProbe again = ProbeFinder.find(ProbeSpec.parse("mine", probe.get("probe") + slow));
                assertEquals(places, again.begins().size(), probe::toString);
            }
        }
    }

    @Test
    void aPatternOfSymbolsListsSymbols() throws Exception {
        List<Map<String, Object>> found = probes(search("_ZN10JavaThread3run*", 10));
        assertTrue(found.stream().anyMatch(probe -> probe.get("probe").equals("uprobe:libjvm:_ZN10JavaThread3runEv")),
                found::toString);
    }

    @Test
    void isSortedAndLimited() throws Exception {
        Map<String, Object> found = search("*e*", 50);
        assertEquals(50, probes(found).size());
        assertTrue((Integer) found.get("found") > 10_000);
        List<String> names = new ArrayList<>();
        probes(found).forEach(probe -> names.add((String) probe.get("probe")));
        assertEquals(names.stream().sorted().toList(), names);
        assertEquals(List.of(), probes(search("no such thing", 10)));
    }

    @Test
    void saysWhichProbesNeedAFlag() throws Exception {
        Map<String, Object> probe = probes(search("hotspot:monitor__contended__enter", 5)).get(0);
        assertEquals("DTraceMonitorProbes", probe.get("flag"));
    }

    @Test
    void listsTracepointsWithTheirArguments() throws Exception {
        FakeBtf btf = new FakeBtf();
        btf.tracepoint("block_rq_issue", 1);
        btf.tracepoint("sched_switch", 4);
        String file = btf.write(directory.resolve("btf")).toString();
        Map<String, Object> found = ProbeSearch.search(new Libraries("/dev/null", ""),
                new KernelTracepoints(file, List.of()), "sched", 10);
        assertEquals(1, found.get("found"));
        Map<String, Object> probe = probes(found).get(0);
        assertEquals("tp:*:sched_switch", probe.get("probe"));
        assertEquals(4, probe.get("arguments"));
        assertTrue(found.get("remarks").toString().contains("* stands for any"), found::toString);
        assertEquals("sched_switch", ProbeSpec.parse("mine", (String) probe.get("probe")).begin());
    }

    @Test
    void saysWhatCannotBeSaidOfTracepointsWhenThatMatters() throws Exception {
        FakeBtf btf = new FakeBtf();
        btf.tracepoint("sys_enter", 2);
        KernelTracepoints kernel = new KernelTracepoints(btf.write(directory.resolve("btf")).toString(), List.of());
        Libraries own = new Libraries("/proc/self/maps", "");
        assertEquals(List.of(), ProbeSearch.search(own, kernel, "getaddrinfo", 10).get("remarks"));
        assertTrue(ProbeSearch.search(own, kernel, "tp:sched:nothing", 10).get("remarks").toString()
                .contains("* stands for any"));
        String remarks = ProbeSearch.search(own, kernel, "tp:*:sys_enter", 10).get("remarks").toString();
        assertTrue(remarks.contains("* stands for any"), remarks);
        assertTrue(remarks.contains("tp:*:sys_enter slows every system call of every process"), remarks);
    }

    @Test
    void whatCannotBeReadIsARemark() throws Exception {
        Map<String, Object> found = ProbeSearch.search(new Libraries("/proc/self/maps", "/no/such/root"),
                new KernelTracepoints("/no/btf", List.of()), "getaddrinfo", 10);
        assertEquals(0, found.get("found"));
        String remarks = found.get("remarks").toString();
        assertTrue(remarks.contains("libc.so.6 cannot be read"), remarks);
        assertTrue(remarks.contains("tracepoints cannot be read"), remarks);
        assertThrows(IOException.class, () -> ProbeSearch.search("/proc/none", "x", 1));
        assertFalse(remarks.contains("\n"));
    }
}
