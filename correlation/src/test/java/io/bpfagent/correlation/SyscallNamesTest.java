package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SyscallNamesTest {
    private static final Pattern NUMBERED = Pattern.compile("#define __NR_([a-z0-9_]+) ([0-9]+)");
    private final String[] x86 = SyscallNames.names("amd64");
    private final String[] arm64 = SyscallNames.names("aarch64");

    @Test
    void knowsTheCallsOfEachProcessor() {
        assertEquals("read", SyscallNames.of(x86, 0));
        assertEquals("futex", SyscallNames.of(x86, 202));
        assertEquals("uprobe", SyscallNames.of(x86, 336));
        assertEquals("io_setup", SyscallNames.of(arm64, 0));
        assertEquals("futex", SyscallNames.of(arm64, 98));
        assertEquals("wait4", SyscallNames.of(arm64, 260));
        for (String[] names : new String[][] {x86, arm64}) {
            assertEquals("clone3", SyscallNames.of(names, 435));
            assertEquals("mseal", SyscallNames.of(names, 462));
            assertEquals("file_setattr", SyscallNames.of(names, 469));
        }
    }

    @Test
    void givesTheNumberWhereThereIsNoName() {
        assertEquals("syscall -1", SyscallNames.of(x86, -1));
        assertEquals("syscall 400", SyscallNames.of(x86, 400));
        assertEquals("syscall 511", SyscallNames.of(x86, 511));
        assertEquals("syscall 512", SyscallNames.of(512));
        assertEquals("syscall 0", SyscallNames.of(SyscallNames.names("riscv64"), 0));
    }

    @Test
    void agreesWithTheKernelsHeader() throws IOException {
        Path header = Path.of("/usr/include/x86_64-linux-gnu/asm/unistd_64.h");
        assumeTrue(Files.exists(header));
        int compared = 0;
        for (String line : Files.readAllLines(header)) {
            Matcher numbered = NUMBERED.matcher(line);
            if (numbered.matches()) {
                assertEquals(numbered.group(1), SyscallNames.of(x86, Integer.parseInt(numbered.group(2))));
                compared++;
            }
        }
        assertTrue(compared > 350, "only " + compared);
    }
}
