package io.bpfagent.correlation;

import static io.bpfagent.correlation.LedgerTest.pool;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LedgerPoolsTest {
    private final FakeKernel kernel = new FakeKernel(1024, 64);
    private final FakeIdentities identities = new FakeIdentities();
    private final Ledger ledger = kernel.ledger(identities);

    @Test
    void leavesInTheOldPoolWhatWasDoneBeforeARename() {
        FakeThread thread = kernel.start("java", ThreadState.RUNNING);
        identities.java(thread, "idle-1");
        kernel.stay(thread, ThreadState.BLOCKED_PARK, 9_000);
        kernel.change(thread, ThreadState.BLOCKED_POLL);
        kernel.pass(60_000);
        Snapshot before = ledger.read();
        assertEquals(60_000, pool(before, "idle-#").times().timeNs(ThreadState.BLOCKED_POLL));

        identities.java(thread, "request-7");
        kernel.pass(5_000);
        kernel.change(thread, ThreadState.RUNNING);
        kernel.stay(thread, ThreadState.BLOCKED_PARK, 1_000);
        Snapshot after = ledger.read();
        assertEquals(60_000, pool(after, "idle-#").times().timeNs(ThreadState.BLOCKED_POLL));
        assertEquals(5_000, pool(after, "request-#").times().timeNs(ThreadState.BLOCKED_POLL));
        assertEquals(1, pool(after, "idle-#").distribution(ThreadState.BLOCKED_PARK).count());
        assertEquals(1, pool(after, "request-#").distribution(ThreadState.BLOCKED_PARK).count());
        assertEquals(1_000, pool(after, "request-#").distribution(ThreadState.BLOCKED_PARK).sumNs());
        assertTrue(pool(after, "request-#").distribution(ThreadState.BLOCKED_PARK).maxNs() < 9_000);
        assertEquals(0, pool(after, "idle-#").threads());
        assertEquals(1, pool(after, "request-#").threads());
        assertEquals("request-7", after.threads().get(0).identity().name());
        assertEquals(10_000, after.threads().get(0).times().timeNs(ThreadState.BLOCKED_PARK), "the thread keeps all");
    }

    /** The row was read before the kernel wrote into it, the clock after. */
    @Test
    void takesNothingBackWhenAStayHadEndedBeforeTheClockWasRead() {
        FakeThread thread = kernel.start("java", ThreadState.RUNNING);
        kernel.pass(1_000);
        assertEquals(1_000, ledger.read().totalTimes().timeNs(ThreadState.RUNNING));
        kernel.nowNs -= 40;
        kernel.change(thread, ThreadState.BLOCKED_PARK);
        kernel.pass(540);
        Snapshot later = ledger.read();
        assertEquals(960, later.threads().get(0).times().timeNs(ThreadState.RUNNING), "the thread's are exact");
        assertEquals(1_000, later.totalTimes().timeNs(ThreadState.RUNNING));
        kernel.change(thread, ThreadState.RUNNING);
        kernel.pass(500);
        assertEquals(1_460, ledger.read().totalTimes().timeNs(ThreadState.RUNNING), "made good by the next stay");
    }

    @Test
    void goesByTheProvisionalNameUntilTheRealOneIsKnown() {
        FakeThread thread = kernel.start("java", ThreadState.RUNNING);
        kernel.pass(100);
        Snapshot first = ledger.read();
        assertEquals("java", first.threads().get(0).pool());
        assertEquals(ThreadKind.OTHER, first.threads().get(0).identity().kind());
        assertEquals(0, first.losses().get(Loss.UNIDENTIFIED_THREADS), "not yet");

        kernel.named(thread, "exec-7", 31);
        kernel.pass(100);
        Snapshot second = ledger.read();
        assertEquals(new ThreadIdentity(31, "exec-7", ThreadKind.JAVA), second.threads().get(0).identity());
        assertEquals(100, pool(second, "java").times().wallNs());
        assertEquals(100, pool(second, "exec-#").times().wallNs());
        assertEquals(new LiveThread(thread.tid, 31, "java", "exec-7", null), identities.asked.get(0));

        identities.java(thread, "renamed");
        ledger.read();
        ledger.read();
        assertEquals("renamed", identities.asked.get(0).known().name());
    }

    /** Its name in the kernel is its parent's until it begins to run, and thread__start comes last. */
    @Test
    void goesByTheNameAtItsEndWhenItWasAskedAboutWhileBeingBorn() {
        FakeThread java = kernel.start("parent", ThreadState.RUNNING);
        FakeThread other = kernel.start("parent", ThreadState.RUNNING);
        identities.next.put(java.tid, new ThreadIdentity(0, "parent", ThreadKind.OTHER));
        identities.next.put(other.tid, new ThreadIdentity(0, "parent", ThreadKind.OTHER));
        ledger.read();
        kernel.named(java, "child-1", 31);
        kernel.end(java, "child-1");
        kernel.end(other, "native-1");
        Snapshot snapshot = ledger.read();
        assertEquals(1, pool(snapshot, "child-#").ended());
        assertEquals(1, pool(snapshot, "native-#").ended());
        assertEquals(0, pool(snapshot, "parent").ended());
        assertEquals(0, snapshot.losses().get(Loss.UNIDENTIFIED_THREADS));
    }

    @Test
    void countsThreadsWhoseNameNobodyTold() {
        FakeThread thread = kernel.start("native", ThreadState.RUNNING);
        ledger.read();
        ledger.read();
        ledger.read();
        kernel.end(thread, "native");
        kernel.end(kernel.start("brief", ThreadState.RUNNING), "brief");
        Snapshot snapshot = ledger.read();
        assertEquals(2, snapshot.losses().get(Loss.UNIDENTIFIED_THREADS));
        assertEquals(1, pool(snapshot, "brief").ended());
    }

    @Test
    void tellsTheKernelSideThePool() {
        FakeThread thread = kernel.start("java", ThreadState.RUNNING);
        FakeThread second = kernel.start("java", ThreadState.RUNNING);
        identities.java(thread, "a-1");
        identities.java(second, "b-1");
        ledger.read();
        assertEquals(1, kernel.poolOf(thread));
        assertEquals(2, kernel.poolOf(second));
        identities.java(thread, "b-2");
        ledger.read();
        assertEquals(2, kernel.poolOf(thread));
        kernel.end(thread, "b-2");
        kernel.end(second, "b-1");
        ledger.read();
        for (int i = 0; i < 1024; i++) {
            FakeThread next = kernel.start("java", ThreadState.RUNNING);
            assertEquals(0, kernel.poolOf(next), "an old row's pool is not the new thread's");
        }
        assertNull(kernel.start("java", ThreadState.RUNNING));
    }

    @Test
    void hasAtMost512PoolsAndOther() {
        for (int i = 0; i < 535; i++) {
            FakeThread thread = kernel.start("java", ThreadState.RUNNING);
            identities.java(thread, "t" + (char) (0x4e00 + i));
            kernel.pass(10);
        }
        Snapshot snapshot = ledger.read();
        assertEquals(513, snapshot.pools().size());
        assertEquals(23, snapshot.losses().get(Loss.POOLS_OVER_LIMIT));
        assertEquals(23, pool(snapshot, "other").threads());
        assertEquals(23, ledger.read().losses().get(Loss.POOLS_OVER_LIMIT), "each thread once");
        assertEquals(snapshot.threads().stream().mapToLong(ThreadUsage::wallNs).sum(), snapshot.totalTimes().wallNs());
    }

    @Test
    void addsSharedPagesToTheirPool() {
        FakeThread[] threads = new FakeThread[64];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = kernel.start("java", ThreadState.RUNNING);
            identities.java(threads[i], (i < 60 ? "many-" : "few-") + i);
        }
        ledger.read(); // the pools are known before the first stay ends
        for (FakeThread thread : threads) {
            kernel.pass(1_000);
            kernel.stay(thread, ThreadState.BLOCKED_PARK, 2_000);
        }
        Snapshot snapshot = ledger.read();
        assertEquals(64 - 24, snapshot.losses().get(Loss.THREADS_SHARING_PAGES), "48 pages, 2 for each thread");
        assertEquals(60, pool(snapshot, "many-#").distribution(ThreadState.BLOCKED_PARK).count());
        assertEquals(120_000, pool(snapshot, "many-#").distribution(ThreadState.BLOCKED_PARK).sumNs());
        assertEquals(4, pool(snapshot, "few-#").distribution(ThreadState.BLOCKED_PARK).count());
        assertEquals(64, snapshot.total(ThreadState.RUNNING).count());
        ThreadUsage last = snapshot.threads().get(63);
        assertTrue(last.sharesPages());
        assertEquals(Distribution.EMPTY, last.distribution(ThreadState.BLOCKED_PARK));
        assertEquals(2_000, last.times().timeNs(ThreadState.BLOCKED_PARK), "exact nevertheless");
        assertEquals(1, last.times().count(ThreadState.BLOCKED_PARK));
    }

    @Test
    void putsIntoOtherWhatIsCountedInOverflowPages() {
        for (int i = 0; i < 64; i++) {
            FakeThread thread = kernel.start("java", ThreadState.RUNNING);
            kernel.named(thread, (char) ('a' + i % 26) + "-pool", i);
            ledger.read();
            for (ThreadState state : ThreadState.ALL) {
                kernel.stay(thread, state, 1_000 + i);
            }
        }
        Snapshot snapshot = ledger.read();
        for (ThreadState state : ThreadState.ALL) {
            Distribution total = snapshot.total(state);
            assertEquals(snapshot.totalTimes().count(state), total.count(), state.metric());
            assertEquals(snapshot.totalTimes().timeNs(state), total.sumNs() + open(snapshot, state), state.metric());
        }
        PoolUsage other = pool(snapshot, "other");
        assertTrue(other.distribution(ThreadState.BLOCKED_DISK).count() > 0);
        assertTrue(other.distribution(ThreadState.BLOCKED_DISK).sumNs() > 0, "sum and count stand together");
        assertEquals(0, other.threads());
        assertEquals(0, other.times().wallNs(), "times stay with their own pool");
    }

    private static long open(Snapshot snapshot, ThreadState state) {
        return snapshot.threads().stream()
                .mapToLong(thread -> thread.times().timeNs(state) - thread.times().finishedNs(state)).sum();
    }
}
