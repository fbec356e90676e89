package io.bpfagent.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bpfagent.records.RecordLayouts.ContextSlot;
import java.nio.ByteBuffer;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HandoversTest {
    private static final int ROWS = 64;
    private final AtomicInteger rows = new AtomicInteger();
    private final int first = ContextRuntime.context(ContextRuntime.TASK, "handovers first");
    private final int second = ContextRuntime.context(ContextRuntime.TASK, "handovers second");

    @BeforeEach
    void install() {
        ContextRuntime.install(ByteBuffer.allocateDirect(ROWS * ContextSlot.SIZE), rows::getAndIncrement, 0);
    }

    @AfterEach
    void uninstall() {
        ContextRuntime.uninstall();
    }

    private static int context() {
        return ContextRuntime.contextOf((int) ContextRuntime.current());
    }

    private void submitIn(int context, Object task) {
        long before = ContextRuntime.enter(context);
        Handovers.submitted(task);
        ContextRuntime.leave(before);
    }

    @Test
    void takeTheContextAlong() throws InterruptedException {
        FutureTask<Object> task = new FutureTask<>(() -> null);
        submitIn(first, task);
        assertEquals(0, context());
        int[] seen = new int[2];
        Thread thread = new Thread(() -> {
            long entry = Handovers.begin(task);
            seen[0] = context();
            Entries.leave(entry);
            seen[1] = context();
        });
        thread.start();
        thread.join();
        assertEquals(first, seen[0]);
        assertEquals(0, seen[1]);
        assertEquals(Entries.NONE, Handovers.begin(task));
    }

    @Test
    void tellTheRunsOfOneObjectApart() {
        Runnable task = () -> { };
        submitIn(first, task);
        Handovers.submitted(task);
        submitIn(second, task);
        for (int expected : new int[] {first, 0, second, 0}) {
            long entry = Handovers.begin(task);
            assertEquals(expected, context());
            Entries.leave(entry);
            assertEquals(0, context());
        }
    }

    @Test
    void endWithTheTask() {
        long base = ContextRuntime.enter(second);
        FutureTask<Object> one = new FutureTask<>(() -> null);
        FutureTask<Object> two = new FutureTask<>(() -> null);
        submitIn(first, two);
        // A worker that its maker's code begins within a context, and two tasks: the first without one of its own.
        long worker = Handovers.beginWorker(one);
        assertEquals(second, context());
        Handovers.idle();
        Handovers.begin(two);
        assertEquals(first, context());
        Handovers.idle();
        assertEquals(second, context());
        Handovers.endWorker(worker);
        ContextRuntime.leave(base);
        assertEquals(0, context());
        Handovers.idle();
        assertEquals(0, context());
    }

    @Test
    void forgetWhatDoesNotRun() {
        FutureTask<Object> task = new FutureTask<>(() -> null);
        submitIn(first, task);
        Handovers.dropped(task);
        assertEquals(Entries.NONE, Handovers.begin(task));
        Handovers.submitted(null);
        Handovers.dropped(null);
        assertEquals(Entries.NONE, Handovers.begin(null));
    }

    @Test
    void tryAStageUntilItIsDone() {
        Object stage = new Object();
        long before = ContextRuntime.enter(first);
        Handovers.submittedOnce(stage);
        Handovers.submittedOnce(stage);
        ContextRuntime.leave(before);
        for (int i = 0; i < 3; i++) {
            long entry = Handovers.tryOnce(stage);
            assertEquals(first, context());
            Entries.leave(entry);
        }
        Handovers.dropped(stage);
        assertEquals(Entries.NONE, Handovers.tryOnce(stage));
    }

    /** A server's thread that was begun in a request, and takes one connection after the other. */
    @Test
    void giveWayToARequestThatBeginsThere() {
        Runnable task = () -> { };
        long request = Requests.enter("GET", "/handovers/first");
        Handovers.submitted(task);
        Entries.leave(request);
        long lent = Handovers.begin(task);
        assertEquals("GET /handovers/first", ContextRuntime.name(context()));
        for (int i = 0; i < 2; i++) {
            long own = Requests.enter("GET", "/handovers/second");
            assertEquals("GET /handovers/second", ContextRuntime.name(context()));
            assertEquals(0, ContextRuntime.parentOf((int) ContextRuntime.current()));
            assertEquals(Entries.NONE, Requests.enter("GET", "/handovers/third"));
            Entries.leave(own);
            assertEquals(0, context());
        }
        Handovers.end(lent);
        assertEquals(0, context());
    }

    @Test
    void endWhereATaskMakesItselfAnew() {
        Runnable task = () -> { };
        long before = ContextRuntime.enter(first);
        Handovers.delayed(task);
        ContextRuntime.leave(before);
        long lent = Handovers.begin(task);
        assertEquals(first, context());
        Handovers.delayed(task);
        Handovers.end(lent);
        assertEquals(Entries.NONE, Handovers.begin(task));
    }
}
