package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.records.RecordLayouts.RecordSizes;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class KernelMemoryTest {
    private final FakeKernel kernel = new FakeKernel(5, 34);

    @Test
    void knowsHowMuchThereIs() {
        assertEquals(5, kernel.memory().rowCount());
        assertEquals(RecordSizes.FIRST_SUPPLIED_PAGE + 34, kernel.memory().pageCount());
    }

    @Test
    void refusesWhatIsNoWholeNumberOfRecords() {
        Exception refused = assertThrows(IllegalArgumentException.class,
                () -> new KernelMemory(ByteBuffer.allocateDirect(4096),
                kernel.pages, kernel.poolPages, kernel.supplies, kernel.controls, kernel.rowMeters, kernel.meters,
                kernel.disks, kernel.globals, kernel.slowLimits, kernel.remotes));
        assertTrue(refused.getMessage().startsWith("rows must be 1 to 32768 times 640 bytes, bytes=4096"),
                refused.getMessage());
    }

    @Test
    void refusesFewerPagesThanThereAreHistogramsOfTheProcess() {
        Exception refused = assertThrows(IllegalArgumentException.class, () -> new FakeKernel(5, 31).memory());
        assertTrue(refused.getMessage().startsWith("pages must be " + KernelMemory.MIN_PAGES + " to "),
                refused.getMessage());
    }

    @Test
    void refusesAsManyControlsAsThereAreNotRows() {
        assertThrows(IllegalArgumentException.class, () -> new KernelMemory(kernel.rows, kernel.pages, kernel.poolPages,
                kernel.supplies, ByteBuffer.allocateDirect(4 * 16), kernel.rowMeters, kernel.meters, kernel.disks,
                kernel.globals, kernel.slowLimits, kernel.remotes));
    }

    @Test
    void makesSuppliesForAllRowsAndPagesThatThereCanBe() {
        assertEquals(4096, KernelMemory.supplyItems(4096, 2048));
        assertEquals(4096, KernelMemory.supplyItems(64, 2049));
        assertEquals(32768, KernelMemory.supplyItems(32767, 192));
        assertEquals(32768, KernelMemory.supplyItems(64, KernelMemory.MAX_PAGES));
    }

    @Test
    void leavesTheCallersBuffersAlone() {
        kernel.memory().globals().position(7);
        assertEquals(0, kernel.globals.position());
    }
}
