package io.bpfagent.hotspot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.LiveThread;
import io.bpfagent.correlation.ThreadIdentity;
import io.bpfagent.correlation.ThreadKind;
import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What {@link HotSpotTest} lets a child JVM do; each method is a scenario. */
final class HotSpotScenarios {
    private static final int THREADS = 23;

    private final OwnMemory memory;
    private final HotSpot hotSpot;
    private final Instrumentation instrumentation;
    private final Map<Integer, ThreadIdentity> known = new HashMap<>();

    HotSpotScenarios(OwnMemory memory, Instrumentation instrumentation) {
        this.memory = memory;
        this.instrumentation = instrumentation;
        this.hotSpot = HotSpot.probe(memory, instrumentation);
    }

    void everythingIsFound() {
        assertEquals(List.of(), hotSpot.reasons());
        WaitClues waits = hotSpot.waits();
        assertTrue(waits.parkerOffset() > 0 && waits.sleepEventOffset() > 0 && waits.monitorEventOffset() > 0
                && waits.sleepEventOffset() != waits.monitorEventOffset(), waits.toString());
        assertTrue(waits.syscallBegin() > 0 && waits.syscallEnd() - waits.syscallBegin() < 256, waits.toString());
    }

    void namesAreExact() throws Exception {
        Map<Integer, Thread> threads = start("a name of more than fifteen bytes-");
        Map<Integer, ThreadIdentity> answers = identify();
        threads.forEach((tid, thread) -> assertEquals(
                new ThreadIdentity(thread.getId(), thread.getName(), ThreadKind.JAVA), answers.get(tid)));
        assertEquals("main", answers.get(ownTid()).name());
        for (LiveThread row : rows()) {
            // a compiler thread may have come meanwhile
            assertTrue(row.known() != null || row.tid() > lastTid(threads), row.toString());
        }
    }

    void onlyRenamesAreAnsweredAgain() throws Exception {
        Map<Integer, Thread> threads = start("before-");
        identify();
        Map<Integer, String> renamed = new HashMap<>();
        threads.entrySet().stream().limit(5).forEach(entry -> {
            entry.getValue().setName("after-" + entry.getKey());
            renamed.put(entry.getKey(), entry.getValue().getName());
        });
        Map<Integer, ThreadIdentity> answers = identify();
        Map<Integer, String> names = new HashMap<>();
        answers.forEach((tid, identity) -> {
            // a compiler thread may have come meanwhile
            if (identity.kind() == ThreadKind.JAVA) {
                names.put(tid, identity.name());
            }
        });
        assertEquals(renamed, names);
    }

    private static final Predicate<ThreadIdentity> OTHERS = identity -> identity.kind() == ThreadKind.OTHER;

    void everyThreadOfTheJvmHasItsKind() throws Exception {
        System.gc();
        identify();
        // Threads give themselves names after they began; a compiler thread may begin at any time.
        for (int i = 0; i < 100 && known.values().stream().filter(OTHERS).count() > 1; i++) {
            Thread.sleep(50);
            identify();
        }
        int pid = (int) ProcessHandle.current().pid();
        Map<ThreadKind, Integer> kinds = new HashMap<>();
        known.forEach((tid, identity) -> {
            kinds.merge(identity.kind(), 1, Integer::sum);
            assertEquals(tid == pid, identity.kind() == ThreadKind.OTHER, tid + " " + identity);
        });
        assertTrue(kinds.getOrDefault(ThreadKind.COMPILER, 0) >= 1, known.toString());
        assertTrue(kinds.getOrDefault(ThreadKind.VM, 0) >= 2, known.toString());
        boolean hasGcThreads = !Boolean.getBoolean("no.gc.threads");
        assertEquals(hasGcThreads, kinds.getOrDefault(ThreadKind.GC, 0) >= 1, known.toString());
    }

    void carriersAreFoundAndVirtualThreadsAreNot() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
        Class<?> type = Class.forName("java.lang.Thread$Builder$OfVirtual");
        for (int i = 0; i < THREADS; i++) {
            Object named = type.getMethod("name", String.class).invoke(builder, "virtual-" + i);
            type.getMethod("start", Runnable.class).invoke(named, (Runnable) () -> await(end));
        }
        Thread.sleep(100);
        identify();
        assertTrue(known.values().stream().anyMatch(identity -> identity.kind() == ThreadKind.CARRIER
                && identity.name().startsWith("ForkJoinPool")), known.toString());
        assertTrue(known.values().stream().noneMatch(identity -> identity.name().startsWith("virtual-")),
                known.toString());
    }

    void endedThreadsHaveTheNameTheyStartedWith() {
        LiveThread ended = new LiveThread(4_000_001, 999_999, "java", "short-lived-7", null);
        ThreadIdentity identity = hotSpot.identities().identify(List.of(ended)).get(ended.tid());
        assertEquals(new ThreadIdentity(999_999, "short-lived-7", ThreadKind.JAVA), identity);
    }

    /** A row whose tid was taken over by another thread keeps its own Java id and name. */
    void aTidThatWasTakenOverIsNotConfused() throws Exception {
        int tid = start("later-").keySet().iterator().next();
        LiveThread earlier = new LiveThread(tid, 999_999, "java", "earlier", null);
        assertEquals("earlier", hotSpot.identities().identify(List.of(earlier)).get(tid).name());
    }

    void tlsHoldsForLaterThreads() throws Exception {
        TlsLocation tls = hotSpot.tls().value().orElseThrow();
        Map<Integer, Thread> threads = start("later-");
        JavaThreads java = JavaThreads.open(instrumentation).value().orElseThrow();
        OsThreads os = new OsThreads(memory, hotSpot.layout().value().orElseThrow());
        MemoryReader reader = new MemoryReader(memory);
        for (Map.Entry<Integer, Thread> entry : threads.entrySet()) {
            long address = java.address(entry.getValue());
            int[] tid = new int[1];
            long[] pthread = new long[1];
            os.read(new long[] {address}, 1, tid, pthread);
            assertEquals(entry.getKey(), tid[0]);
            long dtv = reader.word(pthread[0] + 8);
            assertEquals(address, reader.word(reader.word(dtv + 16L * tls.module()) + tls.offset()));
        }
    }

    void waitCluesHoldForOtherThreads() throws Exception {
        WaitClues waits = hotSpot.waits();
        JavaThreads java = JavaThreads.open(instrumentation).value().orElseThrow();
        Object lock = new Object();
        Map<String, Runnable> ways = Map.of(
                "park", LockSupport::park,
                "sleep", () -> sleep(60_000),
                "wait", () -> waitOn(lock));
        for (Map.Entry<String, Runnable> way : ways.entrySet()) {
            ConcurrentHashMap<Integer, Thread> threads = new ConcurrentHashMap<>();
            start(way.getKey(), 1, way.getValue(), threads);
            Thread.sleep(100);
            int tid = threads.keySet().iterator().next();
            String[] call = Files.readString(Path.of("/proc/self/task/" + tid + "/syscall")).split(" ");
            long futex = Long.decode(call[1]);
            long address = java.address(threads.get(tid));
            MemoryReader reader = new MemoryReader(memory);
            long parker = futex - address - waits.parkerOffset();
            long sleepEvent = futex - reader.word(address + waits.sleepEventOffset());
            long monitorEvent = futex - reader.word(address + waits.monitorEventOffset());
            assertEquals(way.getKey().equals("park"), parker >= 0 && parker < WaitClues.PARKER_BYTES);
            assertEquals(way.getKey().equals("sleep"), sleepEvent >= 0 && sleepEvent < WaitClues.EVENT_BYTES);
            assertEquals(way.getKey().equals("wait"), monitorEvent >= 0 && monitorEvent < WaitClues.EVENT_BYTES);
        }
    }

    /** Threads start and end all the time while they are looked at. */
    void endingThreadsDoNoHarm() throws Exception {
        long end = System.nanoTime() + 2_000_000_000L;
        for (int i = 0; i < 4; i++) {
            Thread starter = new Thread(() -> {
                while (System.nanoTime() < end) {
                    Thread brief = new Thread(() -> { }, "brief");
                    brief.start();
                    join(brief);
                }
            });
            starter.setDaemon(true);
            starter.start();
        }
        while (System.nanoTime() < end) {
            identify().values().forEach(identity -> assertNotEquals("", identity.name()));
        }
        assertEquals(0, hotSpot.identities().failures(), hotSpot.identities().lastFailure());
    }

    private Map<Integer, ThreadIdentity> identify() throws IOException {
        Map<Integer, ThreadIdentity> answers = hotSpot.identitySource().identify(rows());
        known.putAll(answers);
        return answers;
    }

    /** As the kernel side would give them without the probe thread__start. */
    private List<LiveThread> rows() throws IOException {
        List<LiveThread> rows = new ArrayList<>();
        String[] tids = new File("/proc/self/task").list();
        assertNotNull(tids);
        // a thread that ended before it had named itself would keep its parent's name for ever
        known.keySet().retainAll(Stream.of(tids).map(Integer::valueOf).toList());
        for (String tid : tids) {
            rows.add(new LiveThread(Integer.parseInt(tid), 0, "java", null, known.get(Integer.parseInt(tid))));
        }
        assertFalse(rows.isEmpty());
        return rows;
    }

    private static int lastTid(Map<Integer, Thread> threads) {
        return threads.keySet().stream().mapToInt(Integer::intValue).max().orElseThrow();
    }

    private Map<Integer, Thread> start(String prefix) throws InterruptedException {
        ConcurrentHashMap<Integer, Thread> threads = new ConcurrentHashMap<>();
        start(prefix, THREADS, () -> sleep(60_000), threads);
        return threads;
    }

    /** Starts threads and returns when each has entered itself. */
    private static void start(String prefix, int count, Runnable work, Map<Integer, Thread> threads)
            throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            Thread thread = new Thread(() -> {
                threads.put(ownTid(), Thread.currentThread());
                entered.countDown();
                work.run();
            }, prefix + i);
            thread.setDaemon(true);
            thread.start();
        }
        entered.await();
    }

    /** The calling thread's tid, as the kernel says it. */
    private static int ownTid() {
        try {
            return Integer.parseInt(Path.of("/proc/thread-self").toRealPath().getFileName().toString());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void sleep(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void waitOn(Object lock) {
        synchronized (lock) {
            try {
                lock.wait();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
