package io.bpfagent.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.UserMetric;
import io.bpfagent.find.FoundProbe;
import io.bpfagent.find.FoundSite;
import io.bpfagent.find.ProbeSpec;
import io.bpfagent.hotspot.UsdtArgument;
import io.bpfagent.records.RecordLayouts;
import io.bpfagent.records.RecordLayouts.ArgumentKind;
import io.bpfagent.records.RecordLayouts.Comparison;
import io.bpfagent.records.RecordLayouts.ProbeArgument;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A probe of the user's on a kernel and libraries that are not there. */
class UserProbeTest {
    private static final int SLOT = RecordSizes.FIRST_USER_METRIC + 3;
    private static final UserMetric METRIC = new UserMetric(SLOT, "x", UserMetric.Values.TIMES, 1);
    /** rdi, rsi, rdx as struct pt_regs has them. */
    private static final List<UsdtArgument> ARGUMENTS = List.of(register(112), register(104), register(96));
    private static final FoundSite ONE = new FoundSite("/lib/one", "f", 0x100, 0, ARGUMENTS);
    private static final FoundSite TWO = new FoundSite("/lib/two", "g", 0x200, 0x20, ARGUMENTS);

    @BeforeAll
    static void loadJffi(@TempDir Path directory) throws Exception {
        Jffi.load(directory);
    }

    private static UsdtArgument register(int offset) {
        return new UsdtArgument(ArgumentKind.ARGUMENT_REGISTER, offset, 0, 8);
    }

    /** Opens and closes one, with {@code body} in between. */
    private interface Body {
        void look(UserProbe probe, FakeLibBpf libbpf) throws Exception;
    }

    private static void live(FakeKernel kernel, boolean multi, String text, List<FoundSite> begins,
            List<FoundSite> ends, Body body) throws Exception {
        Natives natives = kernel.natives(multi);
        ProbeSpec spec = ProbeSpec.parse("x", text);
        try (BpfObject states = BpfObject.open(natives, "thread_state", ThreadStateLoader.objectFile("thread_state"),
                Optional.empty())) {
            states.map(".rodata.settings").initialValue(RecordLayouts.Settings.SIZE)
                    .putInt(RecordLayouts.Settings.INDEX_MASK, 0x3fff).putInt(RecordLayouts.Settings.STATE_PAGES, 475)
                    .putInt(RecordLayouts.Settings.THREAD_METRICS, 0x7fff);
            try (UserProbe probe = UserProbe.load(natives, states, new FoundProbe(spec, begins, ends), METRIC)) {
                probe.attach();
                body.look(probe, (FakeLibBpf) natives.libBpf());
            }
        }
    }

    private static void live(String text, List<FoundSite> begins, List<FoundSite> ends, Body body) throws Exception {
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            live(kernel, true, text, begins, ends, body);
            assertEquals(List.of(), kernel.violations());
            assertEquals(kernel.opened(), kernel.closed());
        }
    }

    @Test
    void loadsOnlyWhatServesIt() throws Exception {
        Map<String, Set<String>> programs = Map.of(
                "uprobe:libc:f", Set.of("user_begins", "user_ends"),
                "uprobe:libc:f value=arg1", Set.of("user_count"),
                "uprobe:libc:f..g", Set.of("user_begins", "user_ends"),
                "usdt:libjvm:a:b", Set.of("user_count"),
                "usdt:libjvm:a:b..a:c", Set.of("user_begins", "user_ends"),
                "tp:a:b", Set.of("user_event_count"),
                "tp:a:b..c", Set.of("user_event_begins", "user_event_ends"));
        for (Map.Entry<String, Set<String>> entry : programs.entrySet()) {
            live(entry.getKey(), List.of(ONE), List.of(TWO),
                    (probe, libbpf) -> assertEquals(entry.getValue(), libbpf.loaded(), entry.getKey()));
        }
    }

    @Test
    void countsInTheMapsOfTheOtherObject() throws Exception {
        live("tp:a:b", List.of(), List.of(), (probe, libbpf) -> {
            libbpf.shared().forEach((map, other) -> assertEquals(map, other));
            assertEquals(Set.of("rows", "pages", "supplies", "row_index", "row_meters", "meters", ".bss"),
                    libbpf.shared().keySet());
            assertTrue(Collections.disjoint(libbpf.shared().keySet(), libbpf.leftOut()));
            assertTrue(libbpf.leftOut().contains("pause_records"));
        });
    }

    @Test
    void tellsTheProgramsWhatToCount() throws Exception {
        live("uprobe:libc:f arg2<=-7", List.of(ONE, TWO), List.of(), (probe, libbpf) -> {
            ByteBuffer settings = libbpf.value(".rodata.settings");
            assertEquals(1 << SLOT, settings.getInt(RecordLayouts.Settings.THREAD_METRICS));
            assertEquals(0x3fff, settings.getInt(RecordLayouts.Settings.INDEX_MASK));
            assertEquals(475, settings.getInt(RecordLayouts.Settings.STATE_PAGES));
            ByteBuffer told = libbpf.value(".rodata.probe");
            assertEquals(SLOT, told.getInt(RecordLayouts.UserProbe.METRIC));
            assertEquals(-7, told.getLong(RecordLayouts.UserProbe.CONSTANT));
            assertEquals(Comparison.COMPARES_LESS_OR_EQUAL, told.get(RecordLayouts.UserProbe.COMPARISON));
            assertEquals(1, told.get(RecordLayouts.UserProbe.IS_CALL));
            assertEquals(0, told.get(RecordLayouts.UserProbe.COUNTS_VALUE));
            ByteBuffer sites = libbpf.value(".rodata.user_sites");
            for (int site = 0; site < 2; site++) {
                int at = site * RecordLayouts.ProbeSite.SIZE + RecordLayouts.ProbeSite.ARGUMENTS;
                assertEquals(104, sites.getShort(at + ProbeArgument.REGISTER_OFFSET));
                assertEquals(ArgumentKind.ARGUMENT_REGISTER, sites.get(at + ProbeArgument.KIND));
                assertEquals(ArgumentKind.ARGUMENT_NONE, sites.get(at + ProbeArgument.SIZE + ProbeArgument.KIND));
            }
        });
    }

    @Test
    void tellsEveryComparison() throws Exception {
        Map<String, Integer> comparisons = Map.of("<", Comparison.COMPARES_LESS,
                "<=", Comparison.COMPARES_LESS_OR_EQUAL,
                ">", Comparison.COMPARES_GREATER, ">=", Comparison.COMPARES_GREATER_OR_EQUAL,
                "==", Comparison.COMPARES_EQUAL, "!=", Comparison.COMPARES_NOT_EQUAL);
        for (Map.Entry<String, Integer> entry : comparisons.entrySet()) {
            live("tp:a:b arg3" + entry.getKey() + "5 value=arg4", List.of(), List.of(), (probe, libbpf) -> {
                ByteBuffer told = libbpf.value(".rodata.probe");
                assertEquals(entry.getValue().byteValue(), told.get(RecordLayouts.UserProbe.COMPARISON));
                assertEquals(3, told.get(RecordLayouts.UserProbe.CONDITION_ARGUMENT));
                assertEquals(4, told.get(RecordLayouts.UserProbe.VALUE_ARGUMENT));
                assertEquals(1, told.get(RecordLayouts.UserProbe.COUNTS_VALUE));
            });
        }
    }

    @Test
    void attachesEndsBeforeBeginsOneLinkForAFile() throws Exception {
        live("uprobe:libc:f", List.of(ONE, TWO), List.of(), (probe, libbpf) -> {
            assertEquals(List.of(new FakeLibBpf.Uprobe("/lib/one", 0x100, 0, 0, true),
                    new FakeLibBpf.Uprobe("/lib/two", 0x200, 0x20, 1, true),
                    new FakeLibBpf.Uprobe("/lib/one", 0x100, 0, 0, false),
                    new FakeLibBpf.Uprobe("/lib/two", 0x200, 0x20, 1, false)), libbpf.uprobes());
            assertEquals("uprobe_multi, 4 sites", probe.how());
        });
        live("usdt:libjvm:a:b..a:c", List.of(ONE), List.of(TWO), (probe, libbpf) -> {
            assertEquals(List.of(new FakeLibBpf.Uprobe("/lib/two", 0x200, 0x20, 0, false),
                    new FakeLibBpf.Uprobe("/lib/one", 0x100, 0, 0, false)), libbpf.uprobes());
            assertEquals("uprobe_multi, 2 sites", probe.how());
        });
        live("tp:a:b..c", List.of(), List.of(), (probe, libbpf) ->
                assertEquals(List.of("user_event_ends to c", "user_event_begins to b"), libbpf.tracepoints()));
        live("tp:a:b", List.of(), List.of(), (probe, libbpf) ->
                assertEquals(List.of("user_event_count to b"), libbpf.tracepoints()));
    }

    @Test
    void doesWithoutUprobeMulti() throws Exception {
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            live(kernel, false, "uprobe:libc:f", List.of(ONE), List.of(), (probe, libbpf) -> {
                assertEquals("perf-event uprobes, 2 sites", probe.how());
                assertEquals(2, libbpf.uprobes().size());
            });
            assertEquals(kernel.opened(), kernel.closed());
        }
    }

    @Test
    void countsAndForgetsRowsUntilAllAreThrough() throws Exception {
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            live(kernel, true, "uprobe:libc:f", List.of(ONE), List.of(), (probe, libbpf) -> {
                UserProbeCounts counts = probe.counts();
                assertEquals(0, counts.hits());
                assertEquals(40, counts.runs());
                assertEquals(100, counts.nsPerRun());
                assertEquals(6, counts.recursionMisses());
                probe.detach();
                probe.forgetRows(513);
            });
            assertEquals(4, Collections.frequency(kernel.calls(), "bpf_prog_test_run_opts"));
            // Told to stop, detached, waited for what still ran; only then forgotten.
            List<String> end = kernel.calls().stream().filter(call -> List.of("bpf_prog_test_run_opts",
                    "bpf_link__destroy",
                    "membarrier").contains(call)).toList();
            assertEquals(List.of("bpf_prog_test_run_opts", "bpf_link__destroy", "bpf_link__destroy", "membarrier",
                    "bpf_prog_test_run_opts", "bpf_prog_test_run_opts", "bpf_prog_test_run_opts"), end);
            assertEquals(List.of(), kernel.violations());
        }
    }

    @Test
    void goesOnFromWhatWasCountedBeforeItWasTurnedOff() throws Exception {
        live("uprobe:libc:f", List.of(ONE), List.of(), (probe, libbpf) -> {
            probe.goOnFrom(46, 3);
            assertEquals(46, probe.counts().hits());
            assertEquals(3, probe.counts().unmatched());
            assertEquals(40, probe.counts().runs(), "the kernel's are those of the programs that are there");
            assertEquals(46, probe.use().hits());
        });
    }

    @Test
    void refusesWhatItCannotReadOrHold() throws Exception {
        FoundSite without = new FoundSite("/lib/one", "f", 0x100, 0, List.of());
        assertRefused("uprobe:libc:f arg1>1", List.of(without), "arg1 of f cannot be read");
        assertRefused("uprobe:libc:f value=arg2", List.of(new FoundSite("/lib/one", "f", 0x100, 0,
                Collections.nCopies(6, null))), "arg2 of f cannot be read");
        assertRefused("usdt:libjvm:a:b", Collections.nCopies(65, ONE), "it has 65 sites, and a probe can have 64");
    }

    private static void assertRefused(String text, List<FoundSite> begins, String why) {
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            KernelException refused = assertThrows(KernelException.class, () ->
                    live(kernel, true, text, begins, List.of(), (probe, libbpf) -> { }));
            assertTrue(refused.getMessage().startsWith("Cannot attach a probe (x): " + why), refused.getMessage());
            assertEquals(List.of(), kernel.violations());
            assertEquals(kernel.opened(), kernel.closed());
        }
    }

    /** Each call goes wrong once: it is said, or does not matter, and nothing is left in the kernel. */
    @Test
    void leavesNothingWhateverGoesWrong() throws Exception {
        for (String text : List.of("uprobe:libc:f arg1>5", "tp:a:b..c")) {
            for (FakeKernel.Fault fault : FakeKernel.Fault.values()) {
                String faulty = "";
                for (int at = 1; faulty != null; at++) {
                    try (FakeKernel kernel = new FakeKernel(at, fault)) {
                        try {
                            live(kernel, true, text, List.of(ONE, TWO), List.of(), (probe, libbpf) -> {
                                probe.counts();
                                probe.detach();
                                probe.forgetRows(1);
                            });
                        } catch (KernelException | OutOfMemoryError e) {
                            // said; a fault in closing is thrown after all else is closed
                        }
                        faulty = kernel.faulty();
                        assertEquals(List.of(), kernel.violations(), text + ", " + fault + " of " + faulty);
                        assertEquals(kernel.opened(), kernel.closed(), text + ", " + fault + " of " + faulty);
                    }
                }
            }
        }
    }
}
