package io.bpfagent.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.agent.Arguments;
import io.bpfagent.correlation.ThreadMetric;
import io.bpfagent.hotspot.HotSpot;
import io.bpfagent.hotspot.HotSpots;
import io.bpfagent.records.RecordLayouts.CallCookie;
import io.bpfagent.report.Probe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What is loaded and attached of {@code latencies.h}, on a fake kernel; the libraries are this JVM's own. */
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
final class LatencyProgramsTest {
    private static final KernelRequirements KERNEL = new KernelRequirements("6.18.44", -1);
    private static final String LIBJVM = System.getProperty("java.home") + "/lib/server/libjvm.so";
    private static final int PID = 4711;

    @BeforeAll
    static void loadJffi(@TempDir Path directory) throws Exception {
        Jffi.load(directory);
    }

    /** What came of one start. */
    private record Outcome(List<Attachment> attachments) {
        List<Probe> probes() {
            return attachments.stream().map(Attachment::outcome).toList();
        }

        List<String> names(String status) {
            return probes().stream().filter(probe -> probe.status().equals(status)).map(Probe::name).toList();
        }

        Probe probe(String name) {
            return probes().stream().filter(probe -> probe.name().equals(name)).findFirst().orElseThrow();
        }
    }

    private static Outcome live(Natives natives, String metrics, HotSpot hotSpot, KernelRequirements requirements)
            throws Exception {
        LatencyPrograms latencies = new LatencyPrograms(Arguments.read("metrics=" + metrics), hotSpot, requirements);
        try (BpfObject object = open(natives)) {
            latencies.prepare(object);
            object.load();
            latencies.attach(object, PID);
            List<Attachment> attachments = latencies.attachments();
            for (Attachment attachment : attachments) {
                if (attachment.program() != null) {
                    attachment.program().statistics(); // as reports do: none may be closed
                }
            }
            return new Outcome(attachments);
        }
    }

    private static Outcome live(Natives natives, String metrics) throws Exception {
        return live(natives, metrics, HotSpots.at(LIBJVM), KERNEL);
    }

    private static BpfObject open(Natives natives) throws KernelException {
        return BpfObject.open(natives, "thread_state", ThreadStateLoader.objectFile("thread_state"), Optional.empty());
    }

    private static void assertClean(FakeKernel kernel, String what) {
        assertEquals(List.of(), kernel.violations(), what);
        assertEquals(kernel.opened(), kernel.closed(), what);
    }

    @Test
    void loadsNothingWhenNothingOfItIsKept() throws Exception {
        assertLoaded("running+gc_pause", Set.of());
    }

    @Test
    void loadsOnlyTheProgramsThatSomebodyWants() throws Exception {
        assertLoaded("block_io_size", Set.of("block_rq_issue", "block_rq_complete", "block_io_start",
                "block_io_done", "block_rq_merge"));
        assertLoaded("block_write_queue+dns", Set.of("block_rq_issue", "block_rq_merge", "block_rq_complete",
                "block_io_start", "block_io_done", "call_begins", "call_ends"));
        assertLoaded("dns", Set.of("call_begins", "call_ends"));
        assertLoaded("file_open_failed", Set.of("call_begins", "call_ends"));
        Set<String> reclaim = new TreeSet<>(Set.of("reclaim_begins", "reclaim_ends"));
        if (KERNEL.hasMemoryCgroups()) {
            reclaim.addAll(Set.of("memcg_reclaim_begins", "memcg_reclaim_ends"));
        }
        assertLoaded("reclaim", reclaim);
        if (KERNEL.hasCompaction()) {
            assertLoaded("compaction", Set.of("compaction_begins", "compaction_ends"));
        }
        for (String metric : List.of("tcp_connect", "tcp_connect_failed", "tcp_rtt", "tcp_life")) {
            assertLoaded(metric, Set.of("inet_sock_set_state", "tcp_receive_reset", "tcp_send_reset",
                    "find_listeners", "find_connections", "look_at_connections"));
        }
    }

    @Test
    void loadsReadsWritesAndSystemCallsOnRequestOnly() throws Exception {
        for (String metric : List.of("file_read", "file_write", "socket_read", "socket_write")) {
            assertLoaded(metric, Set.of("io_call_begins", "io_call_ends"));
        }
        assertLoaded("syscall", Set.of("sys_enter", "sys_exit"));
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            Natives natives = kernel.natives();
            Outcome outcome = live(natives, "all");
            assertFalse(outcome.names(Probe.ATTACHED).stream().anyMatch(name -> name.startsWith("io_call")
                    || name.startsWith("sys_")), () -> outcome.names(Probe.ATTACHED).toString());
        }
    }

    @Test
    void tellsTheProgramsWhereADescriptorStands() throws Exception {
        HotSpot hotSpot = HotSpots.at(LIBJVM);
        HotSpot knowing = new HotSpot(hotSpot.libJvm(), hotSpot.layout(), hotSpot.tls(), hotSpot.waits(),
                hotSpot.flags(), hotSpot.identities(), hotSpot.reasons(), 12);
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            Natives natives = kernel.natives();
            Outcome outcome = live(natives, "socket_read+dns", knowing, KERNEL);
            int given = 3 << CallCookie.CALL_ARGUMENT_SHIFT | 12 << CallCookie.CALL_FIELD_SHIFT;
            long plain = ThreadMetric.FILE_READ.ordinal() | CallCookie.CALL_OF_CHANNEL | given;
            long ofSocket = ThreadMetric.SOCKET_READ.ordinal() | CallCookie.CALL_OF_CHANNEL | given;
            Set<Long> cookies = new TreeSet<>(((FakeLibBpf) natives.libBpf()).uprobes().stream()
                    .map(FakeLibBpf.Uprobe::cookie).toList());
            assertEquals(Set.of((long) ThreadMetric.DNS.ordinal() | CallCookie.CALL_HAS_NAME, plain, ofSocket),
                    cookies);
            assertEquals("uprobe_multi, 1 links for 8 functions", outcome.probe("io_call_begins").detail());
            assertEquals("uprobe_multi, 1 links for 1 functions", outcome.probe("call_begins").detail());
            assertEquals("5 functions of libnio.so", outcome.probe("socket_read").detail());
            assertClean(kernel, "closed");
        }
    }

    private static void assertLoaded(String metrics, Set<String> programs) throws Exception {
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            Natives natives = kernel.natives();
            Outcome outcome = live(natives, metrics);
            assertEquals(programs, ((FakeLibBpf) natives.libBpf()).loaded(), metrics);
            assertTrue(outcome.names(Probe.ATTACHED).containsAll(programs), metrics);
            assertClean(kernel, metrics);
        }
    }

    @Test
    void looksAtConnectionsThroughTheFilesOfTheProcessAndThenThroughTheirMap() throws Exception {
        for (KernelRequirements requirements : List.of(KERNEL, new KernelRequirements("6.0.0", -1))) {
            try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
                Natives natives = kernel.natives();
                LatencyPrograms latencies = new LatencyPrograms(Arguments.read("metrics=tcp_rtt"), HotSpots.unknown(),
                        requirements);
                try (BpfObject object = open(natives)) {
                    latencies.prepare(object);
                    object.load();
                    latencies.attach(object, PID);
                    List<String> names = latencies.attachments().stream().map(one -> one.outcome().name()).toList();
                    assertEquals(List.of("tcp_send_reset", "tcp_receive_reset", "inet_sock_set_state", "find_listeners",
                            "find_connections", "look_at_connections"), names);
                    long runs = kernel.calls().stream().filter("bpf_iter_create"::equals).count();
                    assertEquals(2, runs);
                    latencies.connections().look();
                    latencies.connections().look(); // too soon, unless it took no time at all
                    assertTrue(kernel.calls().stream().filter("bpf_iter_create"::equals).count() >= runs + 1);
                }
                String tasks = requirements == KERNEL ? "tasks of " + PID : "all";
                assertEquals(List.of(tasks, tasks, "a map"), ((FakeLibBpf) natives.libBpf()).iterated());
                assertClean(kernel, requirements.toString());
            }
        }
    }

    @Test
    void aLookThatFailsIsTold() throws Exception {
        int calls;
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            look(kernel);
            calls = kernel.calls().lastIndexOf("bpf_iter_create") + 1;
        }
        try (FakeKernel kernel = new FakeKernel(calls, FakeKernel.Fault.ERRNO)) {
            List<Probe> problems = look(kernel);
            assertEquals(List.of(new Probe("look_at_connections", Probe.FAILED, problems.get(0).detail(), 0, 0)),
                    problems);
            assertTrue(problems.get(0).detail().contains("bpf_iter_create of look_at_connections says E22"),
                    problems::toString);
            assertClean(kernel, "failed");
        }
    }

    private static List<Probe> look(FakeKernel kernel) throws Exception {
        LatencyPrograms latencies = new LatencyPrograms(Arguments.read("metrics=tcp_rtt"), HotSpots.unknown(), KERNEL);
        try (BpfObject object = open(kernel.natives())) {
            latencies.prepare(object);
            object.load();
            latencies.attach(object, PID);
            latencies.connections().look();
            List<Probe> problems = new ArrayList<>();
            latencies.connections().addProblem(problems);
            return problems;
        }
    }

    /** An end without a begin is nothing; a begin without an end stays in the map. */
    @Test
    void attachesEndsBeforeBegins() throws Exception {
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            List<String> names = live(kernel.natives(), "all").names(Probe.ATTACHED);
            assertTrue(names.indexOf("block_rq_complete") < names.indexOf("block_io_start"), names::toString);
            assertTrue(names.indexOf("reclaim_ends") < names.indexOf("reclaim_begins"), names::toString);
            assertTrue(names.indexOf("call_ends") < names.indexOf("call_begins"), names::toString);
        }
    }

    @Test
    void attachesToWhereCallsBeginAndEnd() throws Exception {
        for (boolean hasUprobeMulti : new boolean[] {true, false}) {
            try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
                Natives natives = kernel.natives(hasUprobeMulti);
                Outcome outcome = live(natives, "file_open+dns+file_sync");
                List<FakeLibBpf.Uprobe> uprobes = ((FakeLibBpf) natives.libBpf()).uprobes();
                List<FakeLibBpf.Uprobe> begins = uprobes.stream().filter(uprobe -> !uprobe.returns()).toList();
                List<FakeLibBpf.Uprobe> ends = uprobes.stream().filter(FakeLibBpf.Uprobe::returns).toList();
                for (FakeLibBpf.Uprobe begin : begins) {
                    assertTrue(uprobes.indexOf(begin) > uprobes.lastIndexOf(new FakeLibBpf.Uprobe(begin.file(),
                            begin.offset(),
                            0, begin.cookie(), true)), "ends first: " + uprobes);
                }
                assertEquals(ends, begins.stream().map(begin -> new FakeLibBpf.Uprobe(begin.file(), begin.offset(), 0,
                        begin.cookie(), true)).toList());
                assertEquals(Set.of(
                        (long) ThreadMetric.FILE_OPEN.ordinal() | CallCookie.CALL_CAN_FAIL | CallCookie.CALL_HAS_NAME,
                        (long) ThreadMetric.DNS.ordinal() | CallCookie.CALL_HAS_NAME,
                        (long) ThreadMetric.FILE_SYNC.ordinal()),
                        new TreeSet<>(begins.stream().map(FakeLibBpf.Uprobe::cookie).toList()));
                // Files are opened by links of their own.
                int others = begins.size() - 1;
                assertEquals(hasUprobeMulti ? "uprobe_multi, 3 links for " + others + " functions"
                        : "perf-event uprobes, 1 for each of " + others + " functions",
                        outcome.probe("call_begins").detail());
                assertTrue(outcome.probe("file_open").detail().startsWith("open64 of libc"));
                assertEquals(1, outcome.names(Probe.ATTACHED).stream().filter("call_begins"::equals).count());
                assertTrue(outcome.probe("dns").detail().startsWith("getaddrinfo of libc"));
                assertClean(kernel, "uprobe_multi " + hasUprobeMulti);
            }
        }
    }

    @Test
    void saysWhichCallsCannotBeFound() throws Exception {
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            Outcome outcome = live(kernel.natives(), "dns+file_sync+socket_connect", HotSpots.full(), KERNEL);
            assertEquals(List.of("file_sync", "socket_connect"), outcome.names(Probe.UNSUPPORTED));
            assertEquals("there is no /jdk/lib/libnio.so; missing: socket_connect",
                    outcome.probe("socket_connect").detail());
            assertEquals(List.of("call_ends", "call_begins", "dns"), outcome.names(Probe.ATTACHED));
        }
    }

    @Test
    void anOldKernelDoesWithoutDisks() throws Exception {
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            Outcome outcome = live(kernel.natives(), "block_read+block_io_size", HotSpots.unknown(),
                    new KernelRequirements("6.4.0", -1));
            assertEquals(List.of(new Probe("block_io_start", Probe.UNSUPPORTED, "needs Linux 6.5; missing: block_read,"
                    + " block_write, block_read_queue, block_write_queue, block_io_size", 0, 0)), outcome.probes());
        }
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            assertEquals(List.of("block_rq_complete", "block_io_done", "block_rq_merge", "block_rq_issue",
                    "block_io_start"),
                    live(kernel.natives(), "block_read", HotSpots.unknown(), new KernelRequirements("6.5.0", -1))
                            .names(Probe.ATTACHED));
        }
    }

    /** What one file's functions are not attached for are that file's metrics. */
    @Test
    void aFileWhoseFunctionsCannotBeAttachedLeavesTheOthers() throws Exception {
        for (boolean multi : new boolean[] {true, false}) {
            for (String program : List.of("call_begins of libc", "call_ends of libc")) {
                try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
                    Natives natives = kernel.natives(multi);
                    FakeLibBpf libbpf = (FakeLibBpf) natives.libBpf();
                    libbpf.refuse(program);
                    Outcome outcome = live(natives, "file_open+dns+file_sync+socket_connect");
                    List<String> failed = outcome.names(Probe.FAILED);
                    assertEquals(2, failed.size(), failed::toString);
                    for (String name : failed) {
                        String detail = outcome.probe(name).detail();
                        assertTrue(detail.startsWith("Cannot attach a probe (") && detail.endsWith(
                                name.startsWith("opens of libc.so") ? " Missing: file_open." : " Missing: dns."),
                                name + ": " + detail);
                    }
                    List<String> attached = outcome.names(Probe.ATTACHED);
                    assertTrue(attached.containsAll(List.of("call_begins", "call_ends", "file_sync", "socket_connect")),
                            attached::toString);
                    assertFalse(attached.contains("dns"), attached::toString);
                    assertClean(kernel, program);
                }
            }
        }
    }

    @Test
    void aProgramThatCannotBeAttachedLeavesItsNeighboursThatDoWithoutIt() throws Exception {
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            Natives natives = kernel.natives();
            FakeLibBpf libbpf = (FakeLibBpf) natives.libBpf();
            libbpf.refuse("tcp_send_reset of the kernel");
            libbpf.refuse("block_rq_issue of the kernel");
            libbpf.refuse("block_rq_complete of the kernel");
            Outcome outcome = live(natives, "tcp_rtt+block_read+block_io_size+reclaim");
            assertEquals(List.of("block_io_start", "tcp_send_reset"), outcome.names(Probe.FAILED));
            String needed = outcome.probe("block_io_start").detail();
            assertTrue(needed.contains("bpf_program__attach of block_rq_issue says E22")
                    && needed.endsWith(" Missing: block_read, block_io_size."), needed);
            assertTrue(outcome.probe("tcp_send_reset").detail().endsWith(" Missing: resets sent."));
            assertTrue(outcome.names(Probe.ATTACHED).containsAll(List.of("inet_sock_set_state", "tcp_receive_reset",
                    "look_at_connections", "reclaim_begins")), () -> outcome.names(Probe.ATTACHED).toString());
            assertClean(kernel, "closed");
        }
    }

    /** What cannot be attached is one outcome, and leaves the other groups. */
    @Test
    void anyFailureIsOneOutcomeAndLeavesNothingBehind() throws Exception {
        int first;
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            live(kernel.natives(), "block_read+dns+file_sync");
            first = kernel.calls().indexOf("bpf_object__load") + 2;
        }
        Set<String> faulty = new TreeSet<>();
        for (int at = first; ; at++) {
            try (FakeKernel kernel = new FakeKernel(at, FakeKernel.Fault.ERRNO)) {
                Outcome outcome = live(kernel.natives(), "block_read+dns+file_sync");
                String call = kernel.faulty();
                if (call == null) {
                    break;
                }
                String what = "call " + at + ", " + call;
                assertClean(kernel, what);
                boolean isHarmless = Set.of("bpf_program__attach_uprobe_multi", "bpf_program__fd", "bpf_link__fd",
                        "bpf_prog_get_info_by_fd", "bpf_link__destroy", "bpf_object__close", "pthread_sigmask")
                        .contains(call);
                if (!isHarmless) {
                    faulty.add(call);
                    List<String> failed = outcome.names(Probe.FAILED);
                    assertEquals(1, failed.size(), what);
                    assertTrue(outcome.probe(failed.get(0)).detail().contains(call), what);
                    assertTrue(outcome.names(Probe.ATTACHED).size() >= 4, what);
                }
            }
        }
        assertTrue(faulty.contains("bpf_program__attach"), faulty::toString);
    }

    @Test
    void areLeftOutAfterTheyCouldNotBeLoaded() throws Exception {
        LatencyPrograms latencies = new LatencyPrograms(Arguments.read("metrics=block_read"), HotSpots.at(LIBJVM),
                KERNEL);
        assertTrue(latencies.isAny());
        latencies.leaveOut("the verifier: no");
        assertFalse(latencies.isAny());
        try (FakeKernel kernel = new FakeKernel(0, FakeKernel.Fault.ERRNO)) {
            Natives natives = kernel.natives();
            try (BpfObject object = open(natives)) {
                latencies.prepare(object);
                assertEquals(Set.of(), ((FakeLibBpf) natives.libBpf()).loaded());
                latencies.attach(object, PID);
                assertEquals(List.of(new Probe("latencies", Probe.FAILED, "the verifier: no Missing: block_read.", 0,
                        0)),
                        latencies.attachments().stream().map(Attachment::outcome).toList());
            }
            assertClean(kernel, "closed");
        }
    }
}
