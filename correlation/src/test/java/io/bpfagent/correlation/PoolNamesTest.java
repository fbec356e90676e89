package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PoolNamesTest {
    @Test
    void putsAHashForEachRunOfDigits() {
        assertEquals("http-nio-#-exec-#", poolOf("http-nio-8080-exec-7", ThreadKind.JAVA));
        assertEquals("main", poolOf("main", ThreadKind.JAVA));
        assertEquals("#", poolOf("4711", ThreadKind.OTHER));
        assertEquals("", poolOf("", ThreadKind.JAVA));
        assertEquals("ForkJoinPool-#-worker-#", poolOf("ForkJoinPool-1-worker-12", ThreadKind.CARRIER));
    }

    @Test
    void groupsTheMachinesOwnThreadsByRole() {
        assertEquals("GC", poolOf("G1 Conc#0", ThreadKind.GC));
        assertEquals("Compiler", poolOf("C2 CompilerThread1", ThreadKind.COMPILER));
        assertEquals("VM", poolOf("VM Thread", ThreadKind.VM));
    }

    @Test
    void cutsNamesThatHaveNoEnd() {
        assertEquals(PoolNames.MAX_LENGTH, poolOf("x".repeat(100_000), ThreadKind.JAVA).length());
    }

    private static String poolOf(String name, ThreadKind kind) {
        return PoolNames.poolOf(new ThreadIdentity(1, name, kind));
    }
}
