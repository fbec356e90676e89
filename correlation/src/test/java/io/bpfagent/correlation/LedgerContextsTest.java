package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.records.RecordLayouts.ContextSlot;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What nodes have, added up into contexts. */
class LedgerContextsTest {
    private static final long MS = 1_000_000;
    private static final int ROWS = 8;
    private static final int PAGE = RecordSizes.FIRST_SUPPLIED_PAGE + 3;

    private final FakeKernel kernel = new FakeKernel(ROWS, 32);
    private final FakeIdentities identities = new FakeIdentities();
    private final FakeContexts contexts = new FakeContexts(kernel, ROWS);
    private final Ledger ledger = kernel.ledger(identities);
    private final int request = contexts.context(ContextKind.REQUEST, "GET /");
    private final int method = contexts.context(ContextKind.METHOD, "save");
    private final int inRequest = contexts.node(0, request);
    private final int methodInRequest = contexts.node(inRequest, method);
    private final int methodAlone = contexts.node(0, method);
    private final int requestInMethod = contexts.node(methodInRequest, request);

    private FakeThread counted(String name) {
        ledger.count(contexts.memory(), contexts);
        FakeThread thread = kernel.start("java", ThreadState.RUNNING);
        identities.java(thread, name);
        return thread;
    }

    private static ContextReport find(Snapshot snapshot, ContextKind kind, String name) {
        ContextReport found = snapshot.contexts().find(kind, name);
        assertNotNull(found, name);
        return found;
    }

    @Test
    void withoutMemoryThereAreNone() {
        assertSame(ContextsReading.OFF, ledger.read().contexts());
        assertEquals(List.of(), ledger.contextNames(inRequest));
    }

    @Test
    void aContextThatNobodyWasInIsNotThere() {
        counted("worker-1");
        ContextsReading reading = ledger.read().contexts();
        assertTrue(reading.areOn());
        assertEquals(List.of(), reading.contexts());
        assertNull(reading.find(ContextKind.REQUEST, "GET /"));
    }

    @Test
    void addsNodesAndStripesIntoContexts() {
        counted("worker-1");
        contexts.count(0, inRequest, ThreadState.RUNNING, 2 * MS, 0);
        contexts.count(1, inRequest, ThreadState.RUNNING, 3 * MS, 0);
        contexts.count(0, methodInRequest, ThreadState.BLOCKED_DISK, 5 * MS, 0);
        contexts.count(1, methodAlone, ThreadState.BLOCKED_DISK, 7 * MS, 0);
        contexts.count(1, requestInMethod, ThreadState.RUNNING, 11 * MS, 0);
        Snapshot snapshot = ledger.read();
        ContextReport get = find(snapshot, ContextKind.REQUEST, "GET /");
        ContextReport save = find(snapshot, ContextKind.METHOD, "save");
        assertEquals(16 * MS, get.exclusive().timeNs(ThreadState.RUNNING));
        assertEquals(3, get.exclusive().count(ThreadState.RUNNING));
        assertEquals(11 * MS, get.exclusive().maxNs(ThreadState.RUNNING));
        assertEquals(0, get.exclusive().timeNs(ThreadState.BLOCKED_DISK));
        // Twice in the path of a node, once in the sum.
        assertEquals(16 * MS, get.inclusive().timeNs(ThreadState.RUNNING));
        assertEquals(5 * MS, get.inclusive().timeNs(ThreadState.BLOCKED_DISK));
        assertEquals(12 * MS, save.exclusive().timeNs(ThreadState.BLOCKED_DISK));
        assertEquals(11 * MS, save.inclusive().timeNs(ThreadState.RUNNING));
        assertEquals(28 * MS, snapshot.contexts().total().wallNs());
        assertEquals(List.of("GET /", "save"), ledger.contextNames(methodInRequest));
        assertEquals(List.of(), ledger.contextNames(0));
        assertEquals(List.of(), ledger.contextNames(65_535));
    }

    @Test
    void whatHasNotChangedIsTheSameObject() {
        counted("worker-1");
        contexts.count(0, inRequest, ThreadState.RUNNING, 2 * MS, 0);
        ContextsReading reading = ledger.read().contexts();
        assertSame(reading, ledger.read().contexts());
        contexts.count(0, methodAlone, ThreadState.RUNNING, 2 * MS, 0);
        ContextsReading more = ledger.read().contexts();
        assertSame(reading.contexts().get(0), more.contexts().get(0));
        assertEquals(2, more.contexts().size());
    }

    @Test
    void aStayThatHasNotEndedIsIncluded() {
        FakeThread thread = counted("worker-1");
        contexts.enter(thread, methodInRequest);
        kernel.pass(MS);
        kernel.change(thread, ThreadState.BLOCKED_SOCKET);
        contexts.count(0, methodInRequest, ThreadState.RUNNING, MS, 0);
        kernel.pass(9 * MS);
        ContextReport save = find(ledger.read(), ContextKind.METHOD, "save");
        assertEquals(9 * MS, save.exclusive().timeNs(ThreadState.BLOCKED_SOCKET));
        assertEquals(0, save.exclusive().count(ThreadState.BLOCKED_SOCKET));
        assertEquals(1, save.entered());
        kernel.change(thread, ThreadState.RUNNING);
        contexts.count(1, methodInRequest, ThreadState.BLOCKED_SOCKET, 9 * MS, 0);
        contexts.set(thread, 0);
        kernel.pass(MS);
        save = find(ledger.read(), ContextKind.METHOD, "save");
        assertEquals(9 * MS, save.exclusive().timeNs(ThreadState.BLOCKED_SOCKET));
        assertEquals(1, save.exclusive().count(ThreadState.BLOCKED_SOCKET));
        assertEquals(MS, save.exclusive().timeNs(ThreadState.RUNNING));
    }

    @Test
    void aRunThatHasNotEndedIsDividedByWhatIsNoted() {
        FakeThread thread = counted("worker-1");
        long began = kernel.nowNs;
        kernel.pass(20 * MS);
        contexts.note(thread, inRequest, 0, began + 2 * MS, began + 15 * MS, inRequest, (int) (6 * MS), methodInRequest,
                (int) (7 * MS));
        Snapshot snapshot = ledger.read();
        assertEquals(11 * MS, find(snapshot, ContextKind.REQUEST, "GET /").exclusive().timeNs(ThreadState.RUNNING));
        assertEquals(7 * MS, find(snapshot, ContextKind.METHOD, "save").exclusive().timeNs(ThreadState.RUNNING));
        assertEquals(18 * MS, snapshot.contexts().total().wallNs());
    }

    @Test
    void whatWasSkippedIsDividedAsTheRest() {
        FakeThread thread = counted("worker-1");
        long began = kernel.nowNs;
        kernel.pass(20 * MS);
        contexts.note(thread, inRequest, inRequest, began, began + 20 * MS, inRequest, (int) (2 * MS), methodInRequest,
                (int) (6 * MS));
        contexts.skip(thread, 12 * MS);
        Snapshot snapshot = ledger.read();
        assertEquals(5 * MS, find(snapshot, ContextKind.REQUEST, "GET /").exclusive().timeNs(ThreadState.RUNNING));
        assertEquals(15 * MS, find(snapshot, ContextKind.METHOD, "save").exclusive().timeNs(ThreadState.RUNNING));
    }

    @Test
    void aWaitBetweenALookAtTheClockAndItsNoteIsNoContexts() {
        FakeThread thread = counted("worker-1");
        long began = kernel.nowNs;
        kernel.pass(15 * MS);
        // 30 ms before it had the CPU again it was still in the method; 10 ms after that in the request.
        contexts.note(thread, inRequest, 0, began - 30 * MS, began + 10 * MS, methodInRequest, (int) (40 * MS));
        Snapshot snapshot = ledger.read();
        assertEquals(10 * MS, find(snapshot, ContextKind.METHOD, "save").exclusive().timeNs(ThreadState.RUNNING));
        assertEquals(5 * MS, find(snapshot, ContextKind.REQUEST, "GET /").exclusive().timeNs(ThreadState.RUNNING));
    }

    @Test
    void whatIsTooLongForSkippedChangesIsTheLastOnes() {
        FakeThread thread = counted("worker-1");
        long began = kernel.nowNs;
        kernel.pass(20 * MS);
        contexts.note(thread, inRequest, inRequest, began, began + 8 * MS, inRequest, (int) (2 * MS), methodInRequest,
                (int) (6 * MS));
        contexts.skip(thread, 0);
        Snapshot snapshot = ledger.read();
        // 126 times 512 ns are divided as the pieces are.
        assertEquals(6 * MS + 48_384, find(snapshot, ContextKind.METHOD, "save").exclusive()
                .timeNs(ThreadState.RUNNING));
        assertEquals(14 * MS - 48_384, find(snapshot, ContextKind.REQUEST, "GET /").exclusive()
                .timeNs(ThreadState.RUNNING));
    }

    @Test
    void aStayWithoutEndIsCountedHoweverFastItsContextsChange() throws InterruptedException {
        FakeThread thread = counted("worker-1");
        long began = kernel.nowNs;
        kernel.pass(20 * MS);
        contexts.note(thread, inRequest, inRequest, began, began + 20 * MS, inRequest, (int) (2 * MS), methodInRequest,
                (int) (6 * MS));
        contexts.skip(thread, 12 * MS);
        AtomicBoolean isOver = new AtomicBoolean();
        CountDownLatch runs = new CountDownLatch(1);
        Thread writer = new Thread(() -> {
            while (!isOver.get()) {
                contexts.slots.putShort(thread.row * ContextSlot.SIZE, (short) inRequest);
                contexts.slots.putShort(thread.row * ContextSlot.SIZE, (short) methodInRequest);
                runs.countDown();
            }
        });
        writer.start();
        try {
            runs.await();
            Snapshot snapshot = ledger.read();
            assertEquals(20 * MS, snapshot.contexts().total().wallNs());
        } finally {
            isOver.set(true);
            writer.join();
        }
    }

    @Test
    void countsHowOftenThreadsThatHaveEndedHadEnteredAContext() {
        FakeThread thread = counted("worker-1");
        contexts.enter(thread, inRequest);
        contexts.enter(thread, inRequest);
        contexts.entered[inRequest] = 5;
        assertEquals(7, find(ledger.read(), ContextKind.REQUEST, "GET /").entered());
        contexts.enter(thread, inRequest);
        kernel.pass(MS);
        kernel.end(thread, "java");
        assertEquals(8, find(ledger.read(), ContextKind.REQUEST, "GET /").entered());
        FakeThread next = kernel.start("java", ThreadState.RUNNING);
        identities.java(next, "worker-2");
        contexts.enter(next, inRequest);
        assertEquals(9, find(ledger.read(), ContextKind.REQUEST, "GET /").entered());
    }

    @Test
    void whatAnAgentBeforeHadCountedIsNotCountedAgain() {
        contexts.entered[inRequest] = 1_000;
        contexts.overLimit = 10;
        FakeThread thread = counted("worker-1");
        contexts.enter(thread, inRequest);
        contexts.entered[inRequest] = 1_001;
        contexts.overLimit = 12;
        Snapshot snapshot = ledger.read();
        assertEquals(2, find(snapshot, ContextKind.REQUEST, "GET /").entered());
        assertEquals(2, snapshot.losses().get(Loss.CONTEXTS_OVER_LIMIT));
        assertEquals(4, snapshot.losses().get(Loss.CONTEXT_NODES_OVER_LIMIT));
        assertEquals(6, snapshot.losses().get(Loss.CONTEXTS_WITHOUT_ROW));
        assertEquals(8, snapshot.losses().get(Loss.CONTEXTS_ON_VIRTUAL_THREADS));
    }

    @Test
    void countsSpansThatAreForgottenAndNotThoseThatThereNeverWere() {
        TraceSpan known = TraceSpan.of(1, 2, 3);
        contexts.spans.add(null);
        contexts.spans.add(known);
        counted("worker-1");
        assertNull(ledger.span(0));
        assertEquals(known, ledger.span(1));
        assertNull(ledger.span(2));
        assertEquals(1, ledger.read().losses().get(Loss.FORGOTTEN_TRACE_SPANS));
    }

    @Test
    void hasHistogramsOfSingleStays() {
        counted("worker-1");
        contexts.count(0, inRequest, ThreadState.BLOCKED_DISK, 3 * MS, PAGE);
        contexts.count(1, inRequest, ThreadState.BLOCKED_DISK, 5 * MS, PAGE);
        Distribution disk = find(ledger.read(), ContextKind.REQUEST, "GET /").distributions()
                .of(ThreadState.BLOCKED_DISK);
        assertEquals(2, disk.count());
        assertEquals(8 * MS, disk.sumNs());
        assertEquals(5 * MS, disk.maxNs());
    }

    /** A thread may get the CPU at the time at which it was woken: the run queue's clock is not read for each. */
    @Test
    void hasStaysOfNoTimeInTheHistogram() {
        counted("worker-1");
        contexts.count(0, inRequest, ThreadState.RUNNABLE, 0, PAGE);
        assertEquals(1, runnableStays());
        contexts.count(0, inRequest, ThreadState.RUNNABLE, 7, PAGE);
        contexts.count(0, inRequest, ThreadState.RUNNABLE, 0, PAGE);
        assertEquals(3, runnableStays());
        contexts.count(0, inRequest, ThreadState.RUNNABLE, 0, PAGE);
        assertEquals(4, runnableStays());
    }

    private long runnableStays() {
        ContextReport get = find(ledger.read(), ContextKind.REQUEST, "GET /");
        assertEquals(get.exclusive().count(ThreadState.RUNNABLE),
                get.distributions().of(ThreadState.RUNNABLE).count());
        return get.exclusive().count(ThreadState.RUNNABLE);
    }

    @Test
    void anIntervalHasWhatWasAdded() {
        counted("worker-1");
        contexts.count(0, methodAlone, ThreadState.BLOCKED_DISK, 3 * MS, PAGE);
        Snapshot first = ledger.read();
        contexts.count(0, inRequest, ThreadState.RUNNING, MS, 0);
        contexts.count(0, methodAlone, ThreadState.BLOCKED_DISK, 5 * MS, PAGE);
        Snapshot interval = ledger.read().minus(first);
        ContextReport save = find(interval, ContextKind.METHOD, "save");
        assertEquals(5 * MS, save.exclusive().timeNs(ThreadState.BLOCKED_DISK));
        assertEquals(1, save.distributions().of(ThreadState.BLOCKED_DISK).count());
        assertEquals(MS, find(interval, ContextKind.REQUEST, "GET /").exclusive().timeNs(ThreadState.RUNNING));
    }

    @Test
    void noNumberGoesDownWhateverStandsInTheMemory() {
        FakeThread thread = counted("worker-1");
        Random random = new Random(17);
        long before = 0;
        for (int i = 0; i < 200; i++) {
            for (int at = 0; at < contexts.slots.capacity(); at += Long.BYTES) {
                contexts.slots.putLong(at, random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(5));
            }
            for (int at = 0; at < 10_000; at += Long.BYTES) {
                contexts.totals.putLong(at, random.nextInt(3) == 0 ? random.nextLong() >>> 20 : 0);
            }
            kernel.stay(thread, ThreadState.BLOCKED_PARK, MS);
            long sum = 0;
            for (ContextReport context : ledger.read().contexts().contexts()) {
                sum += context.entered() + context.exclusive().wallNs() + context.inclusive().wallNs();
            }
            assertTrue(sum >= before, sum + " after " + before);
            before = sum;
        }
    }
}
