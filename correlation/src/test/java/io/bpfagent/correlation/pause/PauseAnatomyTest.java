package io.bpfagent.correlation.pause;

import static io.bpfagent.correlation.pause.Scene.names;
import static io.bpfagent.correlation.pause.Scene.parts;
import static io.bpfagent.correlation.pause.Scene.pause;
import static io.bpfagent.correlation.pause.Scene.thread;
import static io.bpfagent.correlation.pause.Scene.times;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.PauseRole;
import io.bpfagent.correlation.ThreadState;
import java.util.List;
import org.junit.jupiter.api.Test;

class PauseAnatomyTest {
    @Test
    void isAllWorkWhenTheVmThreadJustRuns() {
        Pause pause = pause(10, 100).take();
        assertEquals("reaching=10 working=90", parts(pause));
        assertEquals("running=100", times(pause, "VM Thread"));
        assertEquals(List.of("VM Thread"), names(pause));
        assertEquals(PauseRole.VM, pause.threads().get(0).role());
        assertEquals(100_000, pause.totalNs());
        assertEquals(10_000, pause.timeToSafepointNs());
        assertEquals(7, pause.number());
        assertEquals("G1CollectForAllocation", pause.operation());
        assertFalse(pause.incomplete());
    }

    @Test
    void dividesByWhatTheVmThreadDoes() {
        Scene scene = pause(10, 100);
        scene.vm().blocks(20, ThreadState.BLOCKED_DISK).waits(50).runs(56).waits(70).runs(75);
        Pause pause = scene.take();
        assertEquals("reaching=10 working=49 no_cpu=11 blocked_disk=30", parts(pause));
        assertEquals("running=59 runnable=11 blocked_disk=30", times(pause, "VM Thread"));
    }

    @Test
    void isWorkAsLongAsOneOfThemRuns() {
        Scene scene = pause(10, 100);
        scene.vm().blocks(20, ThreadState.BLOCKED_FUTEX).waits(90).runs(92);
        scene.gc("GC Thread#0").waits(20, 1).runs(22).waits(40).runs(60).blocks(80, ThreadState.BLOCKED_FUTEX);
        scene.gc("GC Thread#1").waits(21, 2).runs(30).blocks(50, ThreadState.BLOCKED_FUTEX);
        Pause pause = scene.take();
        // 10-20 VM, 22-50 workers, 60-80 worker, 92-100 VM; nobody but someone could: 20-22, 50-60, 90-92
        assertEquals("reaching=10 working=66 no_cpu=14 blocked_futex=10", parts(pause));
        assertEquals("running=38 runnable=22 blocked_futex=40", times(pause, "GC Thread#0"));
        assertEquals("running=20 runnable=9 blocked_futex=71", times(pause, "GC Thread#1"));
    }

    @Test
    void isAllReachingWhenNoOperationWasSeen() {
        Scene scene = pause(100, 100);
        scene.vm().blocks(20, ThreadState.BLOCKED_FUTEX).waits(60).runs(61);
        Pause pause = scene.take();
        assertEquals("reaching=100", parts(pause));
        assertEquals(100_000, pause.timeToSafepointNs());
    }

    @Test
    void listsGcThreadsInTheOrderInWhichTheyWereMade() {
        Scene scene = pause(10, 100);
        Scene.Actor first = scene.gc("GC Thread#0");
        Scene.Actor second = scene.gc("GC Thread#1");
        scene.gc("G1 Conc#0");
        second.waits(20).runs(21);
        first.waits(30).runs(31);
        Pause pause = scene.take();
        assertEquals(List.of("VM Thread", "GC Thread#0", "GC Thread#1"), names(pause), "G1 Conc#0 did nothing");
        assertEquals(PauseRole.GC, pause.threads().get(2).role());
        assertEquals(1001, pause.threads().get(1).tid());
    }

    @Test
    void seesARunThatEndsAfterThePause() {
        Scene scene = pause(10, 100);
        scene.gc("GC Thread#0").is(ThreadState.RUNNING).blocks(130, ThreadState.BLOCKED_FUTEX);
        scene.vm().blocks(15, ThreadState.BLOCKED_FUTEX).waits(99).runs(100);
        Pause pause = scene.take();
        assertEquals("running=100", times(pause, "GC Thread#0"));
        assertEquals("reaching=10 working=90", parts(pause));
    }

    @Test
    void seesAWaitThatEndsAfterThePause() {
        Scene scene = pause(10, 100);
        scene.gc("GC Thread#0").is(ThreadState.RUNNABLE).runs(130);
        assertEquals("runnable=100", times(scene.take(), "GC Thread#0"));
    }

    @Test
    void seesARunThatHasNotEndedYet() {
        Scene scene = pause(10, 100);
        scene.gc("GC Thread#0").is(ThreadState.RUNNING);
        assertEquals("running=100", times(scene.take(), "GC Thread#0"));
    }

    @Test
    void doesNotTakeALaterRunForOneInThePause() {
        Scene scene = pause(10, 100);
        scene.gc("GC Thread#0").waits(101).runs(102).blocks(110, ThreadState.BLOCKED_FUTEX);
        scene.gc("GC Thread#1").waits(101).runs(102);
        assertEquals(List.of("VM Thread"), names(scene.take()));
    }

    @Test
    void saysThatAThreadIsMissing() {
        Scene scene = pause(10, 100);
        Pause pause = scene.torn(scene.gc("GC Thread#0")).take();
        assertTrue(pause.incomplete(), "its row could not be read, and there is no record of it");
        Scene other = pause(10, 100);
        assertFalse(other.torn(other.gc("GC Thread#0").waits(20).runs(21)).take().incomplete());
    }

    @Test
    void countsAWorkerThatIsBornInThePause() {
        Scene scene = pause(10, 1000);
        scene.gc("GC Thread#3").born(600).runs(610).blocks(700, ThreadState.BLOCKED_FUTEX);
        Pause pause = scene.take();
        assertEquals("running=90 runnable=10 blocked_futex=300", times(pause, "GC Thread#3"));
    }

    @Test
    void countsAWorkerThatEndsInThePause() {
        Scene scene = pause(10, 100);
        scene.vm().blocks(20, ThreadState.BLOCKED_FUTEX).waits(95).runs(95);
        scene.gc("GC Thread#3").waits(20).runs(20).ends(40);
        Pause pause = scene.take();
        assertEquals("running=20 blocked_futex=20", times(pause, "GC Thread#3"));
        assertEquals("reaching=10 working=35 blocked_futex=55", parts(pause));
    }

    /** Between the pause's begin and the moment that all CPUs know it. */
    @Test
    void missesNothingOfAThreadThatChangedAtTheBegin() {
        Scene scene = pause(1000, 2000);
        scene.gc("GC Thread#1").born(3).is(ThreadState.BLOCKED_FUTEX).waits(1500).runs(1600);
        assertEquals("running=400 runnable=100 blocked_futex=1500", times(scene.take(), "GC Thread#1"));
    }

    @Test
    void missesNothingOfAThreadThatChangedAtTheBeginAndNotSince() {
        Scene scene = pause(1000, 2000);
        scene.gc("GC Thread#0").born(3).is(ThreadState.RUNNING);
        scene.gc("GC Thread#1").born(300).is(ThreadState.RUNNING);
        assertEquals("running=2000", times(scene.take(), "GC Thread#0"));
        assertEquals("running=1700", times(scene.take(), "GC Thread#1"));
    }

    @Test
    void takesTheStateThatHadBegunWhereARecordIsMissing() {
        Scene scene = pause(10, 100);
        Scene.Actor worker = scene.gc("GC Thread#0");
        worker.waits(20).runs(25);
        // its switch at 40 is lost
        worker.born(60).runs(70);
        assertEquals("running=65 runnable=15 blocked_futex=20", times(scene.take(), "GC Thread#0"));
    }

    @Test
    void countsFaultsBetweenTheChangesInThePause() {
        Scene scene = pause(10, 100);
        scene.gc("GC Thread#0").waits(20).faults(3, 1).runs(21).faults(5, 2).blocks(50, ThreadState.BLOCKED_FUTEX)
                .waits(120).faults(100, 100).runs(121);
        Pause pause = scene.take();
        assertEquals(8, thread(pause, "GC Thread#0").minorFaults(), "past 2^32");
        assertEquals(3, thread(pause, "GC Thread#0").majorFaults());
    }

    @Test
    void namesNobodyWhoIsNotKnown() {
        Scene scene = pause(1000, 2000);
        scene.stranger().blocks(900, ThreadState.BLOCKED_SAFEPOINT);
        Pause pause = scene.take();
        assertEquals("", pause.threads().get(1).name());
        assertEquals(0, pause.threads().get(1).tid());
        assertEquals(PauseRole.LATE, pause.threads().get(1).role());
    }
}
