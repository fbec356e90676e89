package io.bpfagent.find;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over a kernel that is a file. */
final class KernelTracepointsTest {
    @TempDir
    private Path directory;

    private KernelTracepoints kernel(FakeBtf btf, String... events) throws IOException {
        for (String event : events) {
            Files.createDirectories(directory.resolve("events").resolve(event));
        }
        return new KernelTracepoints(btf.write(directory.resolve("vmlinux")).toString(),
                List.of(directory.resolve("none").toString(), directory.resolve("events").toString()));
    }

    private static FakeBtf btf() {
        FakeBtf btf = new FakeBtf();
        btf.type("int", 1, 0, 4, 4);
        btf.type("task_struct", 4, 3, 64, 36);
        btf.type("state", 6, 2, 4, 16);
        btf.type("state64", 19, 2, 8, 24);
        btf.type("", 3, 0, 0, 12);
        btf.tracepoint("sched_switch", 4);
        btf.type("bss", 15, 2, 8, 24);
        btf.type("jiffies", 14, 0, 1, 4);
        btf.type("tag", 17, 0, 1, 4);
        btf.type("btf_trace_not_a_typedef", 4, 0, 0, 0);
        btf.tracepoint("block_rq_issue", 1);
        btf.tracepoint("sched_switched_off", 0);
        return btf;
    }

    @Test
    void haveTheArgumentsOfTheirPrototypes() throws Exception {
        KernelTracepoints kernel = kernel(btf());
        assertEquals(4, kernel.arguments("sched_switch"));
        assertEquals(1, kernel.arguments("block_rq_issue"));
        assertEquals(0, kernel.arguments("sched_switched_off"));
        assertEquals(-1, kernel.arguments("sched"));
        assertEquals(-1, kernel.arguments("not_a_typedef"));
        assertEquals(-1, kernel.arguments(""));
        assertEquals(Map.of("sched_switch", 4, "block_rq_issue", 1, "sched_switched_off", 0), kernel.all());
    }

    /** Longer than the window through which it is read, in both parts. */
    @Test
    void areFoundWhereverTheyStand() throws Exception {
        FakeBtf btf = new FakeBtf();
        for (int i = 0; i < 20_000; i++) {
            btf.type("padding_" + "x".repeat(i % 37) + i, 4, i % 7, 8, 12 * (i % 7));
            if (i % 100 == 0) {
                btf.tracepoint("event_" + i, i % 7);
            }
        }
        KernelTracepoints kernel = kernel(btf);
        assertTrue(Files.size(directory.resolve("vmlinux")) > 1_000_000);
        assertEquals(200, kernel.all().size());
        for (int i = 0; i < 20_000; i += 1_900) {
            assertEquals(i % 7, kernel.arguments("event_" + i));
        }
        Nearest nearest = new Nearest("evend_1900");
        kernel.offerAll(nearest);
        assertTrue(nearest.sentence().startsWith(". Nearest: event_1900"), nearest.sentence());
    }

    @Test
    void groupsAreTracefss() throws Exception {
        KernelTracepoints kernel = kernel(btf(), "sched/sched_switch", "block/block_rq_issue");
        assertTrue(kernel.knowsGroups());
        assertTrue(kernel.isInGroup("sched", "sched_switch"));
        assertFalse(kernel.isInGroup("block", "sched_switch"));
        assertFalse(kernel.isInGroup("../events/sched", "sched_switch"));
        assertEquals(Map.of("sched_switch", "sched", "block_rq_issue", "block"), kernel.groups());
    }

    @Test
    void withoutTracefsAnyGroupWillDo() throws Exception {
        KernelTracepoints kernel = kernel(btf());
        assertFalse(kernel.knowsGroups());
        assertTrue(kernel.isInGroup("anything", "sched_switch"));
        assertEquals(Map.of(), kernel.groups());
    }

    @Test
    void aFileThatIsNoBtfIsAnError() throws Exception {
        Path file = Files.writeString(directory.resolve("text"), "this is no BTF, whatever its name is");
        assertThrows(IOException.class, () -> new KernelTracepoints(file.toString(), List.of()).all());
        assertThrows(IOException.class, () -> new KernelTracepoints("/none", List.of()).arguments("a"));
        FakeBtf odd = new FakeBtf();
        odd.tracepoint("a", 1);
        odd.type("", 31, 0, 0, 0);
        Path written = odd.write(directory.resolve("odd"));
        assertThrows(IOException.class, () -> new KernelTracepoints(written.toString(), List.of()).all());
    }
}
