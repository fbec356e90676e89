package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;

class KernelMemoryTest {
    private final FakeKernel kernel = new FakeKernel(5, 130);

    @Test
    void knowsHowMuchThereIs() {
        assertEquals(5, kernel.memory().rowCount());
        assertEquals(130, kernel.memory().pageCount());
    }

    @Test
    void refusesWhatIsNoWholeNumberOfRecords() {
        Exception refused = assertThrows(IllegalArgumentException.class, () -> new KernelMemory(ByteBuffer.allocateDirect(4096),
                kernel.pages, kernel.poolPages, kernel.supplies, kernel.controls, kernel.globals));
        assertTrue(refused.getMessage().startsWith("rows must be 1 to 32768 times 576 bytes, bytes=4096"), refused.getMessage());
    }

    @Test
    void refusesFewerPagesThanThereAreHistogramsOfTheProcess() {
        Exception refused = assertThrows(IllegalArgumentException.class, () -> new FakeKernel(5, 127).memory());
        assertTrue(refused.getMessage().startsWith("pages must be 128 to "), refused.getMessage());
    }

    @Test
    void refusesAsManyControlsAsThereAreNotRows() {
        assertThrows(IllegalArgumentException.class, () -> new KernelMemory(kernel.rows, kernel.pages, kernel.poolPages,
                kernel.supplies, ByteBuffer.allocateDirect(4 * 16), kernel.globals));
    }

    @Test
    void leavesTheCallersBuffersAlone() {
        kernel.memory().globals().position(7);
        assertEquals(0, kernel.globals.position());
    }
}
