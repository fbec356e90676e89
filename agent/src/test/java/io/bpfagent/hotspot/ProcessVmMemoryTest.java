package io.bpfagent.hotspot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.kenai.jffi.Init;
import io.bpfagent.natives.LibC;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

@EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
final class ProcessVmMemoryTest {
    private static LibC libc;

    /** From jffi's own jar, since the agent's is put together only after the tests. */
    @BeforeAll
    static void loadLibraries(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("libjffi.so");
        try (InputStream in = Init.class.getResourceAsStream("/jni/x86_64-Linux/libjffi-1.2.so")) {
            Files.copy(in, file);
        }
        Init.library(file.toString());
        Init.load();
        Constructor<?> made = Class.forName("io.bpfagent.natives.JffiLibC").getDeclaredConstructor();
        made.setAccessible(true);
        libc = (LibC) made.newInstance();
    }

    @Test
    void readsWhatTheMemoryFileShows() throws Exception {
        long[] addresses = new long[3000];
        long begin = Mapping.ofLibrary("libjvm.so").get(0).begin();
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = begin + i * 8L;
        }
        ByteBuffer expected = ByteBuffer.allocate(addresses.length * 8);
        ByteBuffer read = ByteBuffer.allocate(addresses.length * 8);
        boolean[] ok = new boolean[addresses.length];
        try (ProcSelfMemory file = new ProcSelfMemory(); ProcessVmMemory memory = new ProcessVmMemory(libc)) {
            file.read(addresses, addresses.length, 8, expected, new boolean[addresses.length]);
            memory.read(addresses, addresses.length, 8, read, ok);
        }
        assertArrayEquals(expected.array(), read.array());
        for (boolean valid : ok) {
            assertTrue(valid);
        }
    }

    @Test
    void aBadAddressSpoilsItsOwnSlotOnly() throws Exception {
        long good = Mapping.ofLibrary("libjvm.so").get(0).begin();
        long[] addresses = new long[2500];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = switch (i % 23) {
                case 3 -> 0;
                case 4 -> 8;
                case 5 -> -1;
                case 6 -> 0x7fff_ffff_f000L;
                default -> good;
            };
        }
        boolean[] ok = new boolean[addresses.length];
        ByteBuffer read = ByteBuffer.allocate(addresses.length * 4);
        try (ProcessVmMemory memory = new ProcessVmMemory(libc)) {
            memory.read(addresses, addresses.length, 4, read, ok);
        }
        for (int i = 0; i < addresses.length; i++) {
            assertEquals(addresses[i] == good, ok[i], "slot " + i);
            if (ok[i]) {
                assertEquals(0x7f454c46, read.getInt(i * 4));
            }
        }
    }

    @Test
    void closingTwiceIsHarmless() {
        ProcessVmMemory memory = new ProcessVmMemory(libc);
        memory.close();
        memory.close();
        boolean[] ok = new boolean[1];
        assertThrows(IllegalStateException.class,
                () -> memory.read(new long[1], 1, 8, ByteBuffer.allocate(8), ok));
        assertFalse(ok[0]);
    }
}
