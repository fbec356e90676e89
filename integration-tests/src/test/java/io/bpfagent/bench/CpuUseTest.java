package io.bpfagent.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CpuUseTest {
    @Test
    void quietIsLessThanTwoPercent() {
        assertTrue(new CpuUse(1_000, 19).isQuiet());
        assertFalse(new CpuUse(1_000, 20).isQuiet());
    }

    @Test
    void differencesAreOfBoth() {
        assertEquals(new CpuUse(3, 20), new CpuUse(10, 123).since(new CpuUse(7, 103)));
    }

    @Test
    void ownTimeIsPartOfAll() {
        long pid = ProcessHandle.current().pid();
        CpuUse once = CpuUse.of(pid);
        CpuUse twice = CpuUse.of(pid, pid);
        assertTrue(twice.own() >= 2 * once.own(), once + " " + twice);
    }
}
