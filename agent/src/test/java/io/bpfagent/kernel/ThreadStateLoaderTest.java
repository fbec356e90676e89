package io.bpfagent.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.agent.Arguments;
import io.bpfagent.correlation.Snapshots;
import io.bpfagent.correlation.ring.RingMemory;
import io.bpfagent.hotspot.HotSpotProbe;
import io.bpfagent.hotspot.HotSpots;
import io.bpfagent.hotspot.UsdtSite;
import io.bpfagent.records.RecordLayouts;
import io.bpfagent.records.RecordLayouts.Globals;
import io.bpfagent.report.Probe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Loading, mapping, attaching and closing, with every call of libbpf and libc going wrong in turn. */
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
final class ThreadStateLoaderTest {
    private static final KernelRequirements KERNEL = new KernelRequirements("6.18.44", -1);
    private static final String WITH_LATENCIES = "running+park+block_read+dns";

    @BeforeAll
    static void loadJffi(@TempDir Path directory) throws Exception {
        Jffi.load(directory);
    }

    /** What came of one start, down to the end of it. */
    private record Outcome(Throwable thrown, List<Probe> probes) {}

    /** Everything that a session does, with nine sites of HotSpot's. */
    private static Outcome live(FakeKernel kernel) throws Exception {
        return live(kernel, kernel.natives());
    }

    private static Outcome live(FakeKernel kernel, Natives natives) throws Exception {
        return live(natives, "running+park");
    }

    private static Outcome live(Natives natives, String metrics) throws Exception {
        Arguments arguments = Arguments.read("threads=64,histograms=192,pause-buffer=64,metrics=" + metrics);
        ThreadStateLoader loader = new ThreadStateLoader(natives, arguments, HotSpots.of(HotSpots.WAITS,
                HotSpots.allSites(), flag -> false), KERNEL);
        List<Probe> probes = new ArrayList<>();
        try (ThreadStatePrograms programs = loader.load(); MappedMaps maps = programs.map()) {
            assertEquals(64, maps.memory().rowCount());
            assertEquals(FakeLibBpf.ENTRIES, maps.pauseRing().dataBytes());
            programs.attach();
            programs.refreshStatistics();
            probes.addAll(programs.probes());
        } catch (KernelException | OutOfMemoryError e) {
            return new Outcome(e, probes);
        }
        return new Outcome(null, probes);
    }

    @Test
    void attachesAllAndLeavesNothing() throws Exception {
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            Outcome outcome = live(kernel);
            assertNull(outcome.thrown());
            assertEquals(List.of("sched_wakeup_new", "sched_wakeup", "sched_switch",
                    "hotspot_probe", "thread__start", "safepoint__begin", "safepoint__end", "vmops__begin",
                    "vmops__end", "gc__begin", "thread__park__begin", "thread__park__end",
                    "seed_threads"), outcome.probes().stream().map(Probe::name).toList());
            assertEquals(Set.of(Probe.ATTACHED), new TreeSet<>(outcome.probes().stream().map(Probe::status).toList()));
            assertEquals(20, outcome.probes().get(0).runs());
            assertEquals(100, outcome.probes().get(0).nsPerRun());
            assertEquals(List.of(), kernel.violations());
            // the object, eleven maps, two pages of each ring, three events, the iterator and its link, HotSpot's
            // probes and those of parks
            assertEquals(23, kernel.opened());
            assertEquals(kernel.opened(), kernel.closed());
        }
    }

    @Test
    void keepsProfilersSignalsAwayWhileItLoadsAndNoLonger() throws Exception {
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            live(kernel);
            int load = kernel.calls().indexOf("bpf_object__load");
            assertEquals(List.of("pthread_sigmask", "bpf_object__load", "pthread_sigmask"),
                    kernel.calls().subList(load - 1, load + 2));
            assertFalse(kernel.isMasked());
            assertEquals(2, Collections.frequency(kernel.calls(), "pthread_sigmask"));
        }
    }

    @Test
    void attachesAllOfHotSpotsSitesByOneLink() throws Exception {
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            Natives natives = kernel.natives(true);
            Probe program = hotSpotProbe(live(kernel, natives));
            assertEquals("uprobe_multi, 1 link for 7 sites", program.detail());
            assertEquals(20, program.runs());
            assertSites((FakeLibBpf) natives.libBpf());
        }
    }

    @Test
    void attachesEachOfHotSpotsSites_whereTheKernelHasNoUprobeMulti() throws Exception {
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            Natives natives = kernel.natives(false);
            Outcome outcome = live(kernel, natives);
            assertEquals("perf-event uprobes, 1 for each of 7 sites", hotSpotProbe(outcome).detail());
            assertEquals(Set.of(Probe.ATTACHED),
                    new TreeSet<>(outcome.probes().stream().map(Probe::status).toList()));
            assertSites((FakeLibBpf) natives.libBpf());
            assertClean(kernel, "without uprobe_multi");
        }
    }

    /** The cookie is the number of the site in probe_sites; a site's offset is 0x1000 and its probe. */
    private static void assertSites(FakeLibBpf libbpf) {
        assertEquals(9, libbpf.uprobes().size());
        for (FakeLibBpf.Uprobe uprobe : libbpf.uprobes()) {
            int number = libbpf.value(".rodata.sites")
                    .getInt((int) uprobe.cookie() * RecordLayouts.ProbeSite.SIZE + RecordLayouts.ProbeSite.PROBE);
            assertEquals(HotSpotProbe.at((int) uprobe.offset() - 0x1000).number(), number);
            assertEquals(0, uprobe.semaphore());
            assertFalse(uprobe.returns());
        }
        assertEquals(9, libbpf.uprobes().stream().mapToLong(FakeLibBpf.Uprobe::cookie).distinct().count());
    }

    private static Probe hotSpotProbe(Outcome outcome) {
        assertNull(outcome.thrown());
        return outcome.probes().stream().filter(probe -> probe.name().equals("hotspot_probe")).findFirst()
                .orElseThrow();
    }

    @Test
    void raisesTheSemaphoresThatThereAre() throws Exception {
        List<UsdtSite> sites = List.of(new UsdtSite(HotSpotProbe.GC_BEGIN, 0x1010, 0x2010, "1@%dil"),
                new UsdtSite(HotSpotProbe.GC_BEGIN, 0x1020, 0, "1@%dil"));
        for (boolean hasUprobeMulti : new boolean[] {true, false}) {
            try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
                Natives natives = kernel.natives(hasUprobeMulti);
                try (ThreadStatePrograms programs = new ThreadStateLoader(natives, Arguments.read("metrics=running"),
                        HotSpots.of(HotSpots.WAITS, sites), KERNEL).load()) {
                    programs.attach();
                }
                assertEquals(List.of(new FakeLibBpf.Uprobe(HotSpots.LIBJVM, 0x1010, 0x2010, 0, false),
                        new FakeLibBpf.Uprobe(HotSpots.LIBJVM, 0x1020, 0, 1, false)),
                        ((FakeLibBpf) natives.libBpf()).uprobes());
            }
        }
    }

    /** Half of the sites would tell half of the truth. */
    @Test
    void aSiteThatCannotBeAttachedLeavesOutAllAndNothingElse() throws Exception {
        int first;
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            live(kernel, kernel.natives(false));
            first = kernel.calls().indexOf("bpf_program__attach_uprobe_opts") + 1;
        }
        for (FakeKernel.Fault fault : FakeKernel.Fault.values()) {
            for (int site = 0; site < 7; site++) {
                try (FakeKernel kernel = new FakeKernel(first + site, fault)) {
                    Outcome outcome = live(kernel, kernel.natives(false));
                    assertClean(kernel, fault + " at site " + site);
                    if (fault == FakeKernel.Fault.ERRNO) {
                        Probe program = hotSpotProbe(outcome);
                        assertSame(Probe.FAILED, program.status());
                        assertIsAnError(program.detail(), "bpf_program__attach_uprobe_opts", "site " + site);
                        assertEquals(7, outcome.probes().stream()
                                .filter(probe -> probe.status().equals(Probe.FAILED)).count());
                        List<String> then = kernel.calls().subList(first + site,
                                kernel.calls().indexOf("bpf_prog_test_run_opts"));
                        assertEquals(site, Collections.frequency(then, "bpf_link__destroy"));
                    }
                }
            }
        }
    }

    @Test
    void mapsTheRingsDataWhenItIsAskedFor() throws Exception {
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            ThreadStatePrograms programs = new ThreadStateLoader(kernel.natives(), Arguments.read(""),
                    HotSpots.unknown(), KERNEL).load();
            MappedMaps maps = programs.map();
            int mapped = kernel.opened();
            RingMemory ring = maps.pauseRing();
            assertEquals(FakeLibC.PAGE_BYTES, ring.consumer().capacity());
            assertEquals(FakeLibC.PAGE_BYTES, ring.producer().capacity());
            assertEquals(mapped, kernel.opened());
            assertEquals(ring.dataBytes(), ring.data().capacity());
            assertSame(ring.data(), ring.data());
            assertEquals(mapped + 1, kernel.opened());
            maps.close();
            programs.close();
            assertClean(kernel, "closed");
            assertThrows(IllegalStateException.class, maps::pauseRing);
        }
    }

    /** Otherwise a program counts before the others, or counts the idle tasks, which are process 0. */
    @Test
    void tellsThePrograms_whomToCount_whenAllAreAttached() throws Exception {
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            live(kernel);
            List<String> calls = kernel.calls();
            assertTrue(calls.lastIndexOf("bpf_program__attach") < calls.indexOf("bpf_prog_test_run_opts"));
            assertTrue(calls.lastIndexOf("bpf_program__attach_uprobe_multi") < calls.indexOf("bpf_prog_test_run_opts"));
            assertTrue(calls.indexOf("bpf_prog_test_run_opts") < calls.indexOf("bpf_iter_create"));
            assertTrue(calls.lastIndexOf("mmap") < calls.indexOf("bpf_program__attach"));
        }
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            Natives natives = kernel.natives();
            new ThreadStateLoader(natives, Arguments.read(""), HotSpots.unknown(), KERNEL).load().close();
            FakeLibBpf libbpf = (FakeLibBpf) natives.libBpf();
            assertEquals(-1, libbpf.value(".bss").getInt(Globals.HOST_TGID));
        }
    }

    @Test
    void attachesWhatElseThreadsDoLast() throws Exception {
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            Outcome outcome = live(kernel.natives(), WITH_LATENCIES);
            assertNull(outcome.thrown());
            List<String> names = outcome.probes().stream().map(Probe::name).toList();
            assertEquals(List.of("seed_threads", "block_rq_complete", "block_io_done", "block_rq_merge",
                    "block_rq_issue", "block_io_start", "call_ends", "call_begins", "dns"),
                    names.subList(names.indexOf("seed_threads"), names.size()));
            assertEquals(20, outcome.probes().get(names.indexOf("call_begins")).runs());
            assertClean(kernel, "closed");
        }
    }

    /** And is told by name, with what is missing. */
    @Test
    void aProgramThatIsRefusedLeavesItsNeighbours() throws Exception {
        Map<String, String> missing = Map.of(
                "block_rq_complete", "block_rq_complete: flushes of disks",
                "tcp_receive_reset", "tcp_receive_reset: resets received",
                "look_at_connections", "look_at_connections: what open connections have done so far",
                "block_io_done", "block_io_start: block_read",
                "inet_sock_set_state", "inet_sock_set_state: tcp_rtt",
                "call_ends", "call_begins: dns");
        for (Map.Entry<String, String> entry : missing.entrySet()) {
            try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
                Natives natives = kernel.natives();
                FakeLibBpf libbpf = (FakeLibBpf) natives.libBpf();
                libbpf.refuse(entry.getKey());
                Outcome outcome = live(natives, "running+block_read+tcp_rtt+dns");
                assertNull(outcome.thrown(), entry.getKey());
                List<Probe> failed = outcome.probes().stream().filter(probe -> probe.status().equals(Probe.FAILED))
                        .toList();
                assertEquals(1, failed.size(), failed::toString);
                String[] expected = entry.getValue().split(": ");
                assertEquals(expected[0], failed.get(0).name());
                assertTrue(failed.get(0).detail().startsWith("Cannot load BPF programs (thread_state): ")
                        && failed.get(0).detail().endsWith(" Missing: " + expected[1] + "."), failed::toString);
                List<String> attached = outcome.probes().stream().filter(probe -> probe.status().equals(Probe.ATTACHED))
                        .map(Probe::name).toList();
                List<String> others = new ArrayList<>(List.of("block_io_start", "inet_sock_set_state", "call_begins",
                        "sched_switch"));
                others.remove(expected[0]);
                assertTrue(attached.containsAll(others), attached::toString);
                assertClean(kernel, entry.getKey());
            }
        }
    }

    @Test
    void everyFailureIsOneLineAndLeavesNothing() throws Exception {
        Set<String> faulty = new TreeSet<>();
        for (int at = 1; ; at++) {
            try (FakeKernel kernel = new FakeKernel(at, FakeKernel.Fault.ERRNO)) {
                Outcome outcome = live(kernel.natives(), WITH_LATENCIES);
                String call = kernel.faulty();
                if (call == null) {
                    break;
                }
                faulty.add(call);
                String what = "call " + at + ", " + call;
                assertClean(kernel, what);
                if (outcome.thrown() != null) {
                    assertIsAnError(outcome.thrown().getMessage(), call, what);
                } else if (!isHarmless(call)) {
                    Probe failed = outcome.probes().stream().filter(probe -> probe.status().equals(Probe.FAILED))
                            .findFirst().orElseThrow(() -> new AssertionError("nobody heard of " + what));
                    assertIsAnError(failed.detail(), call, what);
                    assertFalse(failed.name().startsWith("sched_"), what);
                }
            }
        }
        assertTrue(faulty.containsAll(List.of("bpf_object__open_mem", "bpf_object__load", "mmap",
                "bpf_program__attach", "bpf_program__attach_uprobe_multi", "bpf_iter_create", "read",
                "bpf_prog_test_run_opts",
                "bpf_map__initial_value", "bpf_link__fd", "bpf_program__fd")), faulty::toString);
    }

    /** Closing, the numbers of a program's own cost, and what there is a stand-in for. */
    private static boolean isHarmless(String call) {
        return Set.of("bpf_program__attach_uprobe_multi", "bpf_link__destroy", "bpf_object__close", "close", "munmap",
                "bpf_prog_get_info_by_fd", "bpf_program__fd", "bpf_link__fd", "pthread_sigmask").contains(call);
    }

    @Test
    void anErrorThrownAnywhereLeavesNothing() throws Exception {
        int reached = 0;
        for (int at = 1; ; at++) {
            try (FakeKernel kernel = new FakeKernel(at, FakeKernel.Fault.OUT_OF_MEMORY)) {
                Outcome outcome = live(kernel.natives(), WITH_LATENCIES);
                if (kernel.faulty() == null) {
                    break;
                }
                reached++;
                assertClean(kernel, "call " + at + ", " + kernel.faulty());
                assertTrue(outcome.thrown() instanceof OutOfMemoryError, kernel.faulty());
            }
        }
        assertTrue(reached > 120, "only " + reached);
    }

    @Test
    void aRefusedProgramIsReportedWithTheVerifiersLastLines() throws Exception {
        int load;
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            live(kernel);
            load = kernel.calls().indexOf("bpf_object__load") + 1;
        }
        try (FakeKernel kernel = new FakeKernel(load, FakeKernel.Fault.ERRNO)) {
            assertEquals("Cannot load BPF programs (thread_state): bpf_object__load says E22; the verifier:"
                    + " 0: (85) call | R2 invalid mem access | processed 3 insns. Please report it with 'uname -r'."
                    + " See TROUBLESHOOTING.md, \"Cannot load BPF programs\".", live(kernel).thrown().getMessage());
        }
    }

    @Test
    void suspectsTheTypesThatTheUserGave() throws Exception {
        try (FakeKernel kernel = new FakeKernel(1, FakeKernel.Fault.ERRNO)) {
            ThreadStateLoader loader = new ThreadStateLoader(kernel.natives(),
                    Arguments.read("btf=/tmp/none,metrics=running"),
                    HotSpots.unknown(), KERNEL);
            assertEquals("Cannot open the BPF object (thread_state): bpf_object__open_mem says E22."
                    + " Leave btf= out, or name the BTF of this very kernel."
                    + " See TROUBLESHOOTING.md, \"Cannot open the BPF object\".",
                    assertThrows(KernelException.class, loader::load).getMessage());
        }
    }

    @Test
    void theProgramThatNotesWakersIsMeasuredAsTheOthersAre() throws Exception {
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO);
                ThreadStatePrograms programs = new ThreadStateLoader(kernel.natives(), Arguments.read("threads=64"),
                        HotSpots.unknown(), KERNEL).load();
                MappedMaps maps = programs.map()) {
            programs.attach();
            programs.noteWakers(true);
            ProgramUse wakers = programs.uses(new Snapshots().at(1, 0), maps.memory().globals(), true).stream()
                    .filter(use -> use.name().equals("sched_waking")).findFirst().orElseThrow();
            assertEquals(new ProgramStatistics(20, 2_000, 3), wakers.statistics());
            programs.noteWakers(false);
            assertEquals(List.of(), kernel.violations());
        }
    }

    @Test
    void closesTwiceAndUsesNothingThen() throws Exception {
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            ThreadStatePrograms programs = new ThreadStateLoader(kernel.natives(), Arguments.read("threads=64"),
                    HotSpots.unknown(), KERNEL).load();
            MappedMaps maps = programs.map();
            programs.attach();
            maps.close();
            programs.close();
            maps.close();
            programs.close();
            assertClean(kernel, "closed twice");
            assertThrows(IllegalStateException.class, maps::memory);
            assertThrows(IllegalStateException.class, maps::clockNs);
            assertThrows(IllegalStateException.class, programs::attach);
            programs.refreshStatistics();
            assertEquals(List.of(), programs.probes());
            assertEquals(List.of(), kernel.violations());
        }
    }

    @Test
    void anOldKernelDoesWithoutTheIterator() throws Exception {
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO);
                ThreadStatePrograms programs = new ThreadStateLoader(kernel.natives(),
                        Arguments.read("threads=64,metrics=running"),
                        HotSpots.unknown(), new KernelRequirements("5.15.0-91-generic", -1)).load()) {
            programs.attach();
            programs.refreshStatistics();
            assertFalse(kernel.calls().contains("bpf_program__attach_iter"));
            Probe seed = programs.probes().stream().filter(probe -> probe.name().equals("seed_threads"))
                    .findFirst().orElseThrow();
            assertSame(Probe.UNSUPPORTED, seed.status());
        }
    }

    private static void assertClean(FakeKernel kernel, String what) {
        assertEquals(List.of(), kernel.violations(), what);
        assertEquals(kernel.opened(), kernel.closed(), what);
    }

    private static void assertIsAnError(String line, String call, String what) throws IOException {
        assertNotNull(line, what);
        assertEquals(1, line.lines().count(), line);
        assertTrue(line.contains(call), what + ": " + line);
        // two of libbpf's calls leave no errno that means anything
        assertTrue(line.contains("E" + FakeKernel.ERRNO) || call.contains("__find_") || call.contains("initial_value"),
                what + ": " + line);
        List<String> headings = new ArrayList<>(Files.readAllLines(Path.of("../TROUBLESHOOTING.md")));
        headings.removeIf(text -> !text.startsWith("## ") || !line.startsWith(text.substring(3)));
        assertFalse(headings.isEmpty(), "no heading for: " + line);
        String heading = Collections.max(headings).substring(3);
        assertTrue(line.replaceFirst(" Missing: [a-z_, ]+\\.$", "")
                .endsWith(". See TROUBLESHOOTING.md, \"" + heading + "\"."), line);
    }
}
