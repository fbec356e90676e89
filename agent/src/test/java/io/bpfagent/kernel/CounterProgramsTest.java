package io.bpfagent.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.Counter;
import io.bpfagent.records.RecordLayouts;
import io.bpfagent.records.RecordLayouts.CounterBegin;
import io.bpfagent.records.RecordLayouts.CounterSettings;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.report.Probe;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Counters on a kernel that is not there, whose processor has none: those of the kernel's own are. */
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
class CounterProgramsTest {
    private static final List<Counter> SOME = List.of(Counter.CYCLES, Counter.CPU_CLOCK, Counter.PAGE_FAULTS);
    private static final BitSet ONLINE = OnlineCpus.now(FakeLibBpf.POSSIBLE_CPUS);
    private static final int BEGINS_BYTES = FakeLibBpf.POSSIBLE_CPUS * CounterBegin.SIZE;

    @BeforeAll
    static void loadJffi(@TempDir Path directory) throws Exception {
        Jffi.load(directory);
    }

    /** What is done with some that are loaded, attached and begun. */
    private interface Body {
        void look(CounterPrograms programs, FakeLibBpf libbpf) throws Exception;
    }

    private static void live(FakeKernel kernel, List<Counter> wanted, Body body) throws Exception {
        live(kernel, kernel.natives(), wanted, body);
    }

    private static void live(FakeKernel kernel, Natives natives, List<Counter> wanted, Body body) throws Exception {
        try (BpfObject states = BpfObject.open(natives, "thread_state", ThreadStateLoader.objectFile("thread_state"),
                Optional.empty())) {
            states.map(".rodata.settings").initialValue(RecordLayouts.Settings.SIZE)
                    .putInt(RecordLayouts.Settings.INDEX_MASK, 0x3fff);
            try (CounterPrograms programs = CounterPrograms.load(natives, states, wanted)) {
                programs.attach();
                programs.begin();
                body.look(programs, (FakeLibBpf) natives.libBpf());
            }
        }
    }

    private static void live(List<Counter> wanted, Body body) throws Exception {
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            live(kernel, wanted, body);
            assertClean(kernel, "closed");
        }
    }

    private static void assertClean(FakeKernel kernel, String what) {
        assertEquals(List.of(), kernel.violations(), what);
        assertEquals(kernel.opened(), kernel.closed(), what);
    }

    private static Probe outcome(CounterPrograms programs, String name) {
        return programs.attachments().stream().map(Attachment::outcome).filter(probe -> probe.name().equals(name))
                .findFirst().orElseThrow();
    }

    @Test
    void countsWhatTheMachineHasAndSaysWhyNotTheRest() throws Exception {
        live(SOME, (programs, libbpf) -> {
            assertEquals(new Probe("counter:cycles", Probe.UNSUPPORTED,
                    "perf_event_open says ENOENT: this machine has no"
                    + " such counter, or the hypervisor under it passes none on", 0, 0),
                    outcome(programs, "counter:cycles"));
            int cpus = ONLINE.cardinality();
            assertEquals(new Probe("counter:cpu_clock", Probe.ATTACHED, "on " + cpus + " of " + cpus
                    + (cpus == 1 ? " CPU" : " CPUs"), 0, 0), outcome(programs, "counter:cpu_clock"));
            assertEquals(Probe.ATTACHED, outcome(programs, "counter:page_faults").status());
            assertEquals("raw tracepoint", outcome(programs, "counters_at_switch").detail());
            assertEquals(List.of("counters_at_switch to sched_switch"), libbpf.tracepoints());
            assertEquals(2, libbpf.value(".rodata.counters").getInt(CounterSettings.COUNTERS));
            assertEquals(0x3fff, libbpf.value(".rodata.settings").getInt(RecordLayouts.Settings.INDEX_MASK));
            assertTrue(programs.bytes() > BEGINS_BYTES);
        });
    }

    @Test
    void givesEachCpuItsCountersAndKeepsNoDescriptor() throws Exception {
        live(SOME, (programs, libbpf) -> {
            List<String> expected = new ArrayList<>();
            ONLINE.stream().forEach(cpu -> {
                expected.add(cpu * RecordSizes.COUNTERS + ": counter 0 of CPU " + cpu);
                expected.add(cpu * RecordSizes.COUNTERS + 1 + ": counter 2 of CPU " + cpu);
            });
            assertEquals(expected, libbpf.counters());
        });
    }

    @Test
    void countsForTheRowsOfTheOtherObject() throws Exception {
        live(SOME, (programs, libbpf) -> {
            libbpf.shared().forEach((map, other) -> assertEquals(map, other));
            assertEquals(Set.of("rows", "row_index", ".bss"), libbpf.shared().keySet());
            assertTrue(libbpf.leftOut().containsAll(List.of("pages", "supplies", "meters", "pause_records")));
        });
    }

    @Test
    void loadsNothingWhereNothingIsThere() throws Exception {
        live(List.of(Counter.CYCLES, Counter.LLC_LOADS), (programs, libbpf) -> {
            assertEquals(List.of(), libbpf.counters());
            assertEquals(List.of(), libbpf.runOn());
            assertEquals(List.of(Probe.UNSUPPORTED, Probe.UNSUPPORTED),
                    programs.attachments().stream().map(attachment -> attachment.outcome().status()).toList());
            programs.look();
            assertEquals(0, programs.bytes());
        });
    }

    @Test
    void bringsUpToDateWhatIsOnACpu() throws Exception {
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            live(kernel, SOME, (programs, libbpf) -> {
                assertEquals(ONLINE.stream().boxed().toList(), libbpf.runOn(), "when counting begins");
                libbpf.runOn().clear();
                programs.look();
                assertEquals(List.of(), libbpf.runOn());
                kernel.mappedLast(BEGINS_BYTES).putInt(3 * CounterBegin.SIZE + CounterBegin.HOST_TID, 4712);
                programs.look();
                assertEquals(List.of(3), libbpf.runOn());
            });
            assertClean(kernel, "closed");
        }
    }

    /** A CPU that was switched on since has no counters, or dead ones. */
    @Test
    void opensAnewWhatCouldNotBeRead() throws Exception {
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            live(kernel, SOME, (programs, libbpf) -> {
                libbpf.counters().clear();
                ByteBuffer begins = kernel.mappedLast(BEGINS_BYTES);
                begins.putInt(4 * CounterBegin.SIZE + CounterBegin.FAILED, 7)
                        .putInt(4 * CounterBegin.SIZE + CounterBegin.FAILING, 3);
                programs.look();
                List<String> opened = List.of("32: counter 0 of CPU 4", "33: counter 2 of CPU 4");
                assertEquals(opened, libbpf.counters());
                programs.look();
                assertEquals(opened, libbpf.counters(), "not again");
            });
            assertClean(kernel, "closed");
        }
    }

    @Test
    void opensOnlyWhatFailedAndNeverAgainWhatACpuHasNot() throws Exception {
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            Natives natives = kernel.natives();
            ((FakeLibC) natives.libC()).lack("counter 2 of CPU 4");
            live(kernel, natives, SOME, (programs, libbpf) -> {
                libbpf.counters().clear();
                ByteBuffer begins = kernel.mappedLast(BEGINS_BYTES);
                fail(begins, 1, 3);
                programs.look();
                List<String> first = List.of("32: counter 0 of CPU 4");
                assertEquals(first, libbpf.counters());
                assertEquals(2, begins.getInt(4 * CounterBegin.SIZE + CounterBegin.MISSING),
                        "the kernel counts no loss");
                int calls = kernel.calls().size();
                fail(begins, 2, 2);
                programs.look();
                assertFalse(kernel.calls().subList(calls, kernel.calls().size()).contains("perf_event_open"));
                fail(begins, 3, 1);
                ((FakeLibC) natives.libC()).lack("counter 0 of CPU 4");
                programs.look();
                assertEquals(first, libbpf.counters());
                assertEquals(2, begins.getInt(4 * CounterBegin.SIZE + CounterBegin.MISSING), "it has had the other");
            });
            assertClean(kernel, "closed");
        }
    }

    private static void fail(ByteBuffer begins, int stays, int counters) {
        begins.putInt(4 * CounterBegin.SIZE + CounterBegin.FAILED, stays)
                .putInt(4 * CounterBegin.SIZE + CounterBegin.FAILING, counters);
    }

    /** Whatever goes wrong is a probe's outcome, and nothing stays behind. */
    @Test
    void anyFailureIsToldAndLeavesNothing() throws Exception {
        int first;
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            live(kernel, List.of(), (programs, libbpf) -> { });
            first = kernel.calls().indexOf("bpf_map__initial_value") + 2;
        }
        Set<String> told = new TreeSet<>();
        for (int at = first; ; at++) {
            for (FakeKernel.Fault fault : FakeKernel.Fault.values()) {
                try (FakeKernel kernel = new FakeKernel(at, fault)) {
                    List<Probe> outcomes = new ArrayList<>();
                    try {
                        live(kernel, SOME, (programs, libbpf) -> {
                            programs.look();
                            programs.attachments().forEach(attachment -> outcomes.add(attachment.outcome()));
                            programs.addProblem(outcomes);
                        });
                    } catch (OutOfMemoryError e) {
                        assertEquals(FakeKernel.Fault.OUT_OF_MEMORY, fault);
                    }
                    if (kernel.faulty() == null) {
                        assertTrue(told.containsAll(Set.of("bpf_object__load", "bpf_map_update_elem", "mmap",
                                "bpf_program__attach_raw_tracepoint", "bpf_prog_test_run_opts")), told::toString);
                        return;
                    }
                    assertClean(kernel, "call " + at + ", " + kernel.faulty() + ", " + fault);
                    if (outcomes.stream().anyMatch(probe -> probe.status().equals(Probe.FAILED))) {
                        told.add(kernel.faulty());
                    }
                }
            }
        }
    }
}
