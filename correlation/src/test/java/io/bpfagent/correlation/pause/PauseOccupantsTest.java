package io.bpfagent.correlation.pause;

import static io.bpfagent.correlation.pause.Scene.occupants;
import static io.bpfagent.correlation.pause.Scene.pause;
import static io.bpfagent.correlation.pause.Scene.thread;
import static io.bpfagent.correlation.pause.Scene.times;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bpfagent.correlation.Occupant;
import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.ThreadKind;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.records.RecordLayouts.OccupantKind;
import org.junit.jupiter.api.Test;

/** Who had the CPU for which a GC worker was waiting. */
class PauseOccupantsTest {
    private static final String WORKER = "GC Thread#0";

    private final Scene scene = pause(10, 1000);
    private final Scene.Actor worker = scene.gc(WORKER);

    @Test
    void areOtherProcessesByTheirNames() {
        worker.waits(100, 1);
        scene.occupant(400, 1, "stress").occupant(500, 1, "postgres").occupant(700, 1, "stress");
        worker.runs(700);
        Pause pause = scene.take();
        assertEquals("stress=500 postgres=100", occupants(pause, WORKER));
        assertEquals(Occupant.Kind.PROCESS, thread(pause, WORKER).occupants().get(0).kind());
    }

    @Test
    void areOwnThreads() {
        Scene.Actor other = scene.gc("GC Thread#1").waits(20, 1).runs(20);
        worker.waits(100, 1);
        other.waits(400);
        worker.runs(400).waits(600);
        other.runs(600).blocks(900, ThreadState.BLOCKED_FUTEX);
        worker.runs(900);
        Pause pause = scene.take();
        assertEquals("own=600", occupants(pause, WORKER));
        assertEquals("own=200", occupants(pause, "GC Thread#1"));
    }

    /** A compiler thread goes on in a pause: of its waits there is no record, but of its runs. */
    @Test
    void areThreadsThatTakeNoPartInThePause() {
        Scene.Actor compiler = scene.actor("C2 CompilerThre", ThreadKind.COMPILER, 0).is(ThreadState.BLOCKED_FUTEX);
        worker.waits(100, 1);
        scene.idle(120, 1);
        compiler.waits(110, 1).runs(120).waits(500);
        scene.occupant(600, 1, "stress");
        worker.runs(600).blocks(700, ThreadState.BLOCKED_FUTEX);
        assertEquals("own=380 stress=100 idle=20", occupants(scene.take(), WORKER));
    }

    @Test
    void areKernelThreadsTheSameCgroupAndNobody() {
        worker.waits(100, 1);
        scene.occupant(200, 1, OccupantKind.OCCUPANT_KERNEL, "kworker/1:0").occupant(350, 1,
                OccupantKind.OCCUPANT_CGROUP, "sh")
                .occupant(360, 1, OccupantKind.OCCUPANT_KERNEL, "ksoftirqd/1").idle(380, 1);
        worker.runs(380);
        Pause pause = scene.take();
        assertEquals("cgroup=150 kernel=110 idle=20", occupants(pause, WORKER));
        assertEquals(Occupant.Kind.CGROUP, thread(pause, WORKER).occupants().get(0).kind());
    }

    @Test
    void areThoseOfTheCpuWhereTheWaitBegan() {
        worker.waits(100, 1);
        scene.occupant(300, 2, "elsewhere").occupant(400, 1, "stress");
        worker.runs(300, 2);
        assertEquals("stress=200", occupants(scene.take(), WORKER));
    }

    @Test
    void areThoseOfTheCpuWhereAWaitEndedThatBeganBefore() {
        worker.is(ThreadState.RUNNABLE);
        scene.occupant(300, 3, "stress");
        worker.runs(300, 3);
        assertEquals("stress=300", occupants(scene.take(), WORKER));
    }

    @Test
    void areKnownByTheFirstSwitchAfterThePause() {
        worker.waits(100, 1);
        scene.occupant(600, 1, "stress").occupant(5_000, 1, "postgres");
        worker.runs(5_000);
        assertEquals("stress=500 postgres=400", occupants(scene.take(), WORKER));
        assertEquals("runnable=900 blocked_futex=100", times(scene.take(), WORKER));
    }

    @Test
    void areKnownWhereNothingChangedInThePause() {
        worker.is(ThreadState.RUNNABLE);
        scene.occupant(5_000, 1, "stress");
        worker.runs(5_000, 1);
        assertEquals("stress=1000", occupants(scene.take(), WORKER));
    }

    @Test
    void areOwnThreadsThatRunOverThePausesEnd() {
        worker.waits(100, 0).runs(1_500);
        scene.vm().blocks(1_500, ThreadState.BLOCKED_FUTEX);
        assertEquals("own=900", occupants(scene.take(), WORKER));
    }

    @Test
    void areOwnThreadsThatRunStill() {
        scene.gc("GC Thread#1").waits(20, 1).runs(50);
        worker.waits(100, 1);
        assertEquals("own=900", occupants(scene.take(), WORKER));
    }

    /** Those that HotSpot has woken before it says that the pause is over. */
    @Test
    void areOwnThreadsOfWhichNotEachSwitchIsTold() {
        Scene.Actor handler = scene.actor("handler", ThreadKind.JAVA, 0).is(ThreadState.BLOCKED_PARK);
        scene.vm().waits(200, 0);
        scene.occupant(300, 0, "stress");
        handler.ranAsOneOfMany(390, 400, 0).ranAsOneOfMany(790, 800, 0).ranAsOneOfMany(990, 1_010, 0);
        scene.vm().runs(1_010);
        assertEquals("own=700 stress=100", occupants(scene.take(), "VM Thread"));
    }

    @Test
    void areUnknownWhenTheFirstSwitchCameTooLate() {
        worker.waits(100, 1);
        scene.occupant(30_000, 1, "stress");
        assertEquals("unknown=900", occupants(scene.take(), WORKER), "others were not recorded by then");
    }

    @Test
    void areUnknownWhereNobodyKnowsTheCpu() {
        worker.is(ThreadState.RUNNABLE);
        assertEquals("unknown=1000", occupants(scene.take(), WORKER));
    }

    @Test
    void areUnknownBeforeARunWhoseBeginWasNotSeen() {
        worker.waits(100, 1);
        scene.occupant(150, 1, "stress");
        Scene.Actor other = scene.gc("GC Thread#1").on(1);
        other.born(400).is(ThreadState.RUNNING).waits(500);
        worker.runs(500);
        assertEquals("unknown=250 own=100 stress=50", occupants(scene.take(), WORKER));
    }

    @Test
    void areNobodyWhileTheQuotaIsUsedUp() {
        worker.waits(20, 1);
        scene.idle(25, 1);
        worker.runs(25).throttled(100);
        scene.occupant(700, 1, "stress").idle(800, 1);
        worker.runs(800);
        assertEquals("throttled=700 idle=5", occupants(scene.take(), WORKER));
    }

    @Test
    void areNobodyWhileAnotherOnTheCpuIsThrottled() {
        Scene.Actor other = scene.gc("GC Thread#1").waits(20, 1).runs(20);
        worker.waits(50, 1);
        other.throttled(100);
        scene.idle(600, 1);
        other.runs(600).blocks(650, ThreadState.BLOCKED_FUTEX);
        scene.idle(700, 1);
        worker.runs(700);
        Pause pause = scene.take();
        assertEquals("throttled=500 own=100 idle=50", occupants(pause, WORKER));
        assertEquals("throttled=500", occupants(pause, "GC Thread#1"));
    }

    /** The typical one: it was taken off its CPU before the pause began. */
    @Test
    void areNobodyWhileTheQuotaWasUsedUpBefore() {
        worker.on(1).isThrottled();
        Scene.Actor still = scene.gc("GC Thread#1").isThrottled();
        Scene.Actor later = scene.gc("GC Thread#2").isThrottled();
        Scene.Actor beside = scene.gc("GC Thread#3").waits(30, 1);
        scene.idle(600, 1);
        worker.runs(600).blocks(650, ThreadState.BLOCKED_FUTEX);
        scene.idle(700, 1);
        beside.runs(700);
        later.runs(2_000);
        Pause pause = scene.take();
        assertEquals("throttled=600", occupants(pause, WORKER));
        assertEquals("throttled=1000", occupants(pause, "GC Thread#1"), "and is still: " + still);
        assertEquals("throttled=1000", occupants(pause, "GC Thread#2"));
        assertEquals("throttled=570 own=50 idle=50", occupants(pause, "GC Thread#3"));
    }

    /** Of a thread that takes no part in the pause only the run after its wait is recorded. */
    @Test
    void areNobodyUntilTheThrottledOneRunsAgain() {
        Scene.Actor compiler = scene.actor("C2 CompilerThre", ThreadKind.COMPILER, 1).on(1).is(ThreadState.RUNNING);
        worker.waits(50, 1);
        compiler.throttled(100).runs(600, 2).blocks(650, ThreadState.BLOCKED_FUTEX);
        scene.idle(700, 1);
        worker.runs(700);
        assertEquals("throttled=500 idle=100 own=50", occupants(scene.take(), WORKER));
    }

    /** A name is whatever a process calls itself. */
    @Test
    void haveNamesThatDoNotSteerATerminal() {
        worker.waits(100, 1);
        scene.occupant(200, 1, "a\u001b[2Jb").occupant(300, 1, "Gr\u00f6\u00dfe").occupant(400, 1, "c\u009b\u007f1m");
        worker.runs(400);
        assertEquals("a?[2Jb=100 Gr\u00f6\u00dfe=100 c??1m=100", occupants(scene.take(), WORKER));
    }

    @Test
    void areUnknownBeyondSoMany() {
        worker.waits(100, 1);
        for (int i = 0; i < 70; i++) {
            scene.occupant(101 + i, 1, "p" + i);
        }
        worker.runs(200);
        Pause pause = scene.take();
        assertEquals(65, thread(pause, WORKER).occupants().size());
        assertEquals("unknown", thread(pause, WORKER).occupants().get(0).who());
        assertEquals(100_000, thread(pause, WORKER).occupants().stream().mapToLong(Occupant::ns).sum());
    }
}
