package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bpfagent.records.RecordLayouts.PauseRole;
import org.junit.jupiter.api.Test;

/** What the kernel side is told of a thread's part in pauses. */
class LedgerRolesTest {
    private final FakeKernel kernel = new FakeKernel(8, 32);
    private final FakeIdentities identities = new FakeIdentities();
    private final Ledger ledger = kernel.ledger(identities);

    @Test
    void isThatOfTheKind() {
        FakeThread java = kernel.start("java", ThreadState.RUNNING);
        FakeThread gc = kernel.start("GC Thread#0", ThreadState.RUNNING);
        FakeThread vm = kernel.start("VM Thread", ThreadState.RUNNING);
        FakeThread compiler = kernel.start("C2 CompilerThre", ThreadState.RUNNING);
        identities.java(java, "main");
        identities.nameless(gc, "GC Thread#0", ThreadKind.GC);
        identities.nameless(vm, "VM Thread", ThreadKind.VM);
        identities.nameless(compiler, "C2 CompilerThre", ThreadKind.COMPILER);
        ledger.read();
        assertEquals(PauseRole.ROLE_STOPPED, kernel.roleOf(java));
        assertEquals(PauseRole.ROLE_WORKER, kernel.roleOf(gc));
        assertEquals(PauseRole.ROLE_WORKER, kernel.roleOf(vm));
        assertEquals(PauseRole.ROLE_STOPPED, kernel.roleOf(compiler));
    }

    @Test
    void isUnknownUntilSomebodyIsSure() {
        FakeThread thread = kernel.start("VM Thread", ThreadState.RUNNING);
        ledger.read();
        assertEquals(PauseRole.ROLE_UNKNOWN, kernel.roleOf(thread), "the kernel's name may be its parent's");
    }

    /** A worker that has just been born has its parent's name: of no kind, if that is a Java thread. */
    @Test
    void isUnknownUntilANameHasBeenSeenTwice() {
        FakeThread worker = kernel.start("java", ThreadState.RUNNING);
        FakeThread other = kernel.start("java", ThreadState.RUNNING);
        identities.nameless(worker, "java", ThreadKind.OTHER);
        identities.nameless(other, "java", ThreadKind.OTHER);
        ledger.read();
        assertEquals(PauseRole.ROLE_UNKNOWN, kernel.roleOf(worker));
        identities.nameless(worker, "GC Thread#7", ThreadKind.GC);
        ledger.read();
        assertEquals(PauseRole.ROLE_WORKER, kernel.roleOf(worker));
        assertEquals(PauseRole.ROLE_STOPPED, kernel.roleOf(other));
    }

    @Test
    void isNotThatOfTheThreadBefore() {
        FakeThread java = kernel.start("java", ThreadState.RUNNING);
        identities.java(java, "main");
        ledger.read();
        kernel.end(java, "java");
        for (int i = 0; i < 8; i++) {
            ledger.read();
            FakeThread next = kernel.start("java", ThreadState.RUNNING);
            assertEquals(PauseRole.ROLE_UNKNOWN, kernel.roleOf(next));
        }
    }

    @Test
    void leavesThePoolAlone() {
        FakeThread java = kernel.start("java", ThreadState.RUNNING);
        identities.java(java, "exec-1");
        ledger.read();
        assertEquals(1, kernel.poolOf(java));
        identities.java(java, "io-1");
        ledger.read();
        assertEquals(2, kernel.poolOf(java));
        assertEquals(PauseRole.ROLE_STOPPED, kernel.roleOf(java));
    }
}
