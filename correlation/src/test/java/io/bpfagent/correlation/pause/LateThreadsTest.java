package io.bpfagent.correlation.pause;

import static io.bpfagent.correlation.pause.Scene.names;
import static io.bpfagent.correlation.pause.Scene.pause;
import static io.bpfagent.correlation.pause.Scene.times;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.PauseRole;
import io.bpfagent.correlation.ThreadKind;
import io.bpfagent.correlation.ThreadState;
import java.util.List;
import org.junit.jupiter.api.Test;

class LateThreadsTest {
    private final Scene scene = pause(1000, 2000);

    @Test
    void areThoseThatStoppedInTheSecondHalf() {
        scene.java("early").blocks(400, ThreadState.BLOCKED_SAFEPOINT);
        scene.java("last").blocks(995, ThreadState.BLOCKED_SAFEPOINT);
        scene.java("late").blocks(600, ThreadState.BLOCKED_SAFEPOINT);
        Pause pause = scene.take();
        assertEquals(List.of("VM Thread", "late", "last"), names(pause));
        assertEquals(PauseRole.LATE, pause.threads().get(1).role());
        assertEquals("running=995", times(pause, "last"));
    }

    @Test
    void areTheLatestEight() {
        for (int i = 0; i < 12; i++) {
            scene.java("t" + i).blocks(700 + i, ThreadState.BLOCKED_SAFEPOINT);
        }
        assertEquals(List.of("VM Thread", "t4", "t5", "t6", "t7", "t8", "t9", "t10", "t11"), names(scene.take()));
    }

    @Test
    void areNoneWhenAllStopAtOnce() {
        Scene quick = pause(99, 2000);
        quick.java("main").blocks(98, ThreadState.BLOCKED_SAFEPOINT);
        assertEquals(List.of("VM Thread"), names(quick.take()));
    }

    /** Reads a cold mapped file: dozens of waits before it stops. */
    @Test
    void stopAtTheSafepointAndNotInAPageFault() {
        scene.java("reader").is(ThreadState.BLOCKED_FAULT).waits(300).runs(310).blocks(320, ThreadState.BLOCKED_FAULT)
                .waits(600).runs(605).blocks(610, ThreadState.BLOCKED_FAULT).waits(980).runs(981)
                .blocks(990, ThreadState.BLOCKED_SAFEPOINT);
        assertEquals("running=24 runnable=16 blocked_fault=950", times(scene.take(), "reader"));
    }

    @Test
    void stopWhereTheyMayWaitAsWell() {
        scene.java("parker").blocks(800, ThreadState.BLOCKED_PARK).waits(850).runs(851).blocks(860,
                ThreadState.BLOCKED_SAFEPOINT);
        assertEquals("running=800", times(scene.take(), "parker"), "what it does afterwards does not matter");
    }

    @Test
    void areNotThoseThatWereInASafeWaitAtTheBegin() {
        scene.java("poller").is(ThreadState.BLOCKED_POLL).waits(800).runs(801).blocks(810,
                ThreadState.BLOCKED_SAFEPOINT);
        scene.java("parker").is(ThreadState.BLOCKED_PARK).waits(900).runs(901).blocks(910,
                ThreadState.BLOCKED_SAFEPOINT);
        assertEquals(List.of("VM Thread"), names(scene.take()));
    }

    /** In native code for which nobody waits, or in the VM's own: the last to stop was waited for. */
    @Test
    void areInAWaitForTheDiskOnlyIfTheyAreTheLast() {
        scene.java("logger").is(ThreadState.BLOCKED_DISK).waits(940).runs(950).blocks(960,
                ThreadState.BLOCKED_SAFEPOINT);
        scene.java("reader").is(ThreadState.BLOCKED_DISK).waits(740).runs(750).blocks(760,
                ThreadState.BLOCKED_SAFEPOINT);
        assertEquals(List.of("VM Thread", "logger"), names(scene.take()));
        scene.java("computer").blocks(970, ThreadState.BLOCKED_SAFEPOINT);
        assertEquals(List.of("VM Thread", "computer"), names(scene.take()));
    }

    @Test
    void stopInAnUnclearWaitIfItIsTheirLast() {
        scene.java("allocator").blocks(700, ThreadState.BLOCKED_VM);
        assertEquals("running=700", times(scene.take(), "allocator"));
    }

    @Test
    void stopWithTheFirstUnclearWaitIfAnotherIsLater() {
        scene.java("writer").blocks(600, ThreadState.BLOCKED_OTHER).waits(700).runs(701).blocks(740,
                ThreadState.BLOCKED_SAFEPOINT);
        scene.java("computer").blocks(970, ThreadState.BLOCKED_SAFEPOINT);
        Pause pause = scene.take();
        assertEquals(List.of("VM Thread", "writer", "computer"), names(pause));
        assertEquals("running=600", times(pause, "writer"));
    }

    /** Preempted, or just woken from a wait in which the pause did not wait for it. */
    @Test
    void areRunnableAtTheBeginOnlyIfTheyAreTheLast() {
        scene.java("woken").is(ThreadState.RUNNABLE).runs(850).blocks(855, ThreadState.BLOCKED_SAFEPOINT);
        scene.java("preempted").is(ThreadState.RUNNABLE).runs(950).blocks(955, ThreadState.BLOCKED_SAFEPOINT);
        Pause pause = scene.take();
        assertEquals(List.of("VM Thread", "preempted"), names(pause));
        assertEquals("running=5 runnable=950", times(pause, "preempted"));
    }

    /** Who was in a wait of any kind, and runs on when it is over, has not been stopped by it. */
    @Test
    void areThoseThatRunForLongAfterAnUnclearWait() {
        scene.java("preempted").is(ThreadState.RUNNABLE).runs(100).blocks(700, ThreadState.BLOCKED_SAFEPOINT);
        scene.java("reader").is(ThreadState.BLOCKED_DISK).waits(300).runs(310).blocks(800,
                ThreadState.BLOCKED_SAFEPOINT);
        scene.java("locked").blocks(600, ThreadState.BLOCKED_VM).waits(700).runs(701).waits(900).runs(910)
                .blocks(920, ThreadState.BLOCKED_SAFEPOINT);
        Pause pause = scene.take();
        assertEquals(List.of("VM Thread", "preempted", "reader", "locked"), names(pause));
        assertEquals("running=600 runnable=100", times(pause, "preempted"));
        assertEquals("running=490 runnable=10 blocked_disk=300", times(pause, "reader"));
        assertEquals("running=809 runnable=11 blocked_vm=100", times(pause, "locked"));
    }

    /** JDK 17 wakes its Service Thread when all have stopped, before it goes on. */
    @Test
    void areNotThoseThatWakeUpAndStopWhenAnotherHasExplainedTheTime() {
        Scene slow = pause(10_000, 20_000);
        slow.java("loop").is(ThreadState.RUNNABLE).runs(10).blocks(9_000, ThreadState.BLOCKED_SAFEPOINT);
        slow.java("service").is(ThreadState.BLOCKED_VM).waits(9_700).runs(9_701).blocks(9_805, ThreadState.BLOCKED_VM)
                .waits(9_900).runs(9_901).blocks(9_915, ThreadState.BLOCKED_SAFEPOINT);
        assertEquals(List.of("VM Thread", "loop"), names(slow.take()));
    }

    @Test
    void areTheLastUnclearOnesWhenTheOthersStoppedLongBefore() {
        Scene slow = pause(30_000, 40_000);
        slow.java("loop").blocks(20_000, ThreadState.BLOCKED_SAFEPOINT);
        slow.java("reader").is(ThreadState.BLOCKED_DISK).waits(29_900).runs(29_901).blocks(29_910,
                ThreadState.BLOCKED_SAFEPOINT);
        assertEquals(List.of("VM Thread", "loop", "reader"), names(slow.take()));
    }

    @Test
    void maySwitchAwayAMomentAfterTheyWereSeenToStop() {
        scene.java("last").waits(990).runs(1005).blocks(1015, ThreadState.BLOCKED_SAFEPOINT);
        scene.java("native").blocks(1300, ThreadState.BLOCKED_SAFEPOINT);
        scene.java("native poll").blocks(1015, ThreadState.BLOCKED_POLL);
        Pause pause = scene.take();
        assertEquals(List.of("VM Thread", "last"), names(pause));
        assertEquals("running=990 runnable=10", times(pause, "last"));
    }

    /** It has said that it stops, and loses its CPU before it does. */
    @Test
    void mayBePreemptedWhileTheyStop() {
        scene.java("loop").waits(1005).runs(1800).blocks(1810, ThreadState.BLOCKED_SAFEPOINT);
        Pause pause = scene.take();
        assertEquals("running=1000", times(pause, "loop"));
    }

    @Test
    void areNotThoseThatRanOnInNativeCode() {
        scene.java("native").waits(1005).runs(1500).blocks(1560, ThreadState.BLOCKED_SAFEPOINT);
        scene.java("poller").blocks(1005, ThreadState.BLOCKED_POLL).waits(1500).runs(1501).blocks(1502,
                ThreadState.BLOCKED_SAFEPOINT);
        assertEquals(List.of("VM Thread"), names(scene.take()));
    }

    /** Nobody waited for it: it did nothing until then. */
    @Test
    void areNotThoseThatWaitedAllThrough() {
        scene.java("service").is(ThreadState.BLOCKED_VM).waits(1001).runs(1002).blocks(1003,
                ThreadState.BLOCKED_SAFEPOINT);
        scene.java("woken").is(ThreadState.RUNNABLE).runs(1002).blocks(1003, ThreadState.BLOCKED_SAFEPOINT);
        scene.java("reader").blocks(600, ThreadState.BLOCKED_DISK).waits(1001).runs(1002).blocks(1003,
                ThreadState.BLOCKED_SAFEPOINT);
        Pause pause = scene.take();
        assertEquals(List.of("VM Thread", "reader"), names(pause));
        assertEquals("running=600", times(pause, "reader"), "when it began to read");
    }

    @Test
    void areJavaThreads() {
        scene.gc("GC Thread#0").is(ThreadState.RUNNING).blocks(900, ThreadState.BLOCKED_FUTEX);
        scene.actor("VM Periodic Tas", ThreadKind.VM, 0).is(ThreadState.RUNNING).blocks(900, ThreadState.BLOCKED_FUTEX);
        scene.nativeThread("io-worker").blocks(900, ThreadState.BLOCKED_POLL);
        scene.stranger().blocks(900, ThreadState.BLOCKED_POLL);
        scene.actor("C2 CompilerThre", ThreadKind.COMPILER, 0).is(ThreadState.RUNNING).blocks(910,
                ThreadState.BLOCKED_SAFEPOINT);
        scene.actor("Service Thread", ThreadKind.VM, 12).is(ThreadState.RUNNING).blocks(920,
                ThreadState.BLOCKED_SAFEPOINT);
        scene.nativeThread("attached").blocks(930, ThreadState.BLOCKED_SAFEPOINT);
        assertEquals(List.of("VM Thread", "GC Thread#0", "C2 CompilerThre", "Service Thread", "attached"),
                names(scene.take()));
    }

    @Test
    void stopWhenTheyEnd() {
        scene.java("short").blocks(0, ThreadState.BLOCKED_FAULT).waits(700).runs(701).ends(800);
        assertEquals("running=99 runnable=1 blocked_fault=700", times(scene.take(), "short"));
    }
}
