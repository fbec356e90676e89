package io.bpfagent.agent;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.kernel.KernelException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DescriptorRoomTest {
    @Test
    void readsTheLimitAsTheKernelWritesIt() {
        assertEquals(1024,
                DescriptorRoom.parse("Max open files            1024                 524288               files"));
        assertEquals(Long.MAX_VALUE,
                DescriptorRoom.parse("Max open files            unlimited            unlimited            files     "));
    }

    @Test
    void looksAtThisProcess() throws Exception {
        assertTrue(DescriptorRoom.now().free() > DescriptorRoom.NEEDED);
        DescriptorRoom before = DescriptorRoom.ofLimit(10_000);
        assertTrue(before.open() >= 3 && before.free() > 0, before::toString);
        Path file = Files.createTempFile("room", null);
        try (InputStream first = Files.newInputStream(file); InputStream second = Files.newInputStream(file)) {
            assertTrue(DescriptorRoom.ofLimit(10_000).open() > 4, first + " and " + second);
        } finally {
            Files.delete(file);
        }
    }

    /** The names of a million descriptors are no small garbage. */
    @Test
    void isNotCountedWhereThereIsALot() {
        assertEquals(0, DescriptorRoom.ofLimit(1 << 20).open());
    }

    @Test
    void isEnoughOrAnErrorThatSaysSo() {
        assertDoesNotThrow(() -> new DescriptorRoom(1024, 1024 - DescriptorRoom.NEEDED).check());
        String line = assertThrows(KernelException.class, () -> new DescriptorRoom(256, 200).check()).getMessage();
        assertEquals("Too few file descriptors: 56 are free where 128 are needed (ulimit -n is 256). Give the JVM more."
                + " See TROUBLESHOOTING.md, \"Too few file descriptors\".", line);
        assertEquals(0, new DescriptorRoom(10, 20).free());
    }
}
