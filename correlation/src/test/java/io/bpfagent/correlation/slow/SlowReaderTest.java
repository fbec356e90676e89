package io.bpfagent.correlation.slow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.FakeIdentities;
import io.bpfagent.correlation.FakeKernel;
import io.bpfagent.correlation.FakeThread;
import io.bpfagent.correlation.Ledger;
import io.bpfagent.correlation.Loss;
import io.bpfagent.correlation.SlowEvent;
import io.bpfagent.correlation.SlowEvent.Actor;
import io.bpfagent.correlation.SlowEvent.ActorKind;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.ThreadMetric;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.WaitedOn;
import io.bpfagent.correlation.ring.FakeRing;
import io.bpfagent.records.RecordLayouts;
import io.bpfagent.records.RecordLayouts.SlowFlags;
import io.bpfagent.records.RecordLayouts.SlowRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlowReaderTest {
    private static final long MS = 1_000_000;
    private static final long WALL_MS = 1_700_000_000_000L;

    private final FakeKernel kernel = new FakeKernel(64, 100);
    private final FakeIdentities identities = new FakeIdentities();
    private final FakeRing ring = new FakeRing(1 << 16);
    private final Ledger ledger = kernel.ledger(identities);
    private final List<Long> asked = new ArrayList<>();
    private List<String> stack = List.of();
    private long askingNs;
    private final SlowReader reader = new SlowReader(ring, kernel.memory(), ledger, SlowLimits.of(10 * MS, Map.of()),
            50 * MS, javaId -> {
                asked.add(javaId);
                kernel.pass(askingNs);
                return stack;
            }, () -> kernel.nowNs, () -> WALL_MS);

    private FakeThread java(String name, ThreadState state) {
        FakeThread thread = kernel.start(name, state);
        identities.java(thread, name);
        return thread;
    }

    private Snapshot read() {
        return reader.addTo(ledger.read());
    }

    private SlowEvent only(SlowRecords record) {
        ring.put(record.bytes());
        assertTrue(reader.look());
        List<SlowEvent> events = read().slow();
        return events.get(events.size() - 1);
    }

    @Test
    void tellsWhoWaitedForWhatAndWhoEndedIt() {
        FakeThread worker = java("worker-1", ThreadState.RUNNING);
        FakeThread waker = java("worker-2", ThreadState.RUNNING);
        kernel.pass(100 * MS);
        SlowEvent event = only(SlowRecords.state(worker, ThreadState.BLOCKED_MONITOR, kernel.nowNs - 60 * MS,
                kernel.nowNs - 5 * MS).cpu(3).syscall(202).futex(0x7f00_0000_1000L)
                .actor(RecordLayouts.ActorKind.ACTOR_OWN, waker));
        assertEquals(1, event.number());
        assertEquals(WALL_MS - 5, event.atMs());
        assertSame(ThreadState.BLOCKED_MONITOR, event.metric());
        assertEquals(55 * MS, event.durationNs());
        assertEquals(worker.tid, event.tid());
        assertEquals(worker.hostTid, event.hostTid());
        assertEquals("worker-1", event.thread().name());
        assertEquals("worker-#", event.pool());
        assertEquals(3, event.cpu());
        assertEquals(0x7f00_0000_1000L, event.on().futex());
        assertNotNull(event.on().syscall());
        assertEquals(new Actor(ActorKind.OWN, waker.tid, "worker-2"), event.actor());
        assertEquals(55 * MS, reader.longestNs());
        assertFalse(reader.missesWakers());
        only(SlowRecords.state(worker, ThreadState.RUNNABLE, 0, 70 * MS));
        assertEquals(0, reader.longestNs(), "it had no CPU: there is nothing to look at");
    }

    @Test
    void tellsOfOthersByTheirNames() {
        FakeThread worker = java("worker-1", ThreadState.RUNNING);
        assertEquals(new Actor(ActorKind.PROCESS, 99, "sha256sum"), only(SlowRecords.state(worker,
                ThreadState.RUNNABLE, 0, MS).actor(RecordLayouts.ActorKind.ACTOR_PROCESS, 99, "sha256sum")).actor());
        assertEquals(new Actor(ActorKind.CGROUP, 99, "a"), only(SlowRecords.state(worker, ThreadState.RUNNABLE, 0, MS)
                .actor(RecordLayouts.ActorKind.ACTOR_CGROUP, 99, "a")).actor());
        assertEquals(new Actor(ActorKind.KERNEL, 0, "kworker/1:0"), only(SlowRecords.state(worker,
                ThreadState.BLOCKED_DISK, 0, MS).actor(RecordLayouts.ActorKind.ACTOR_KERNEL, 2,
                "kworker/1:0")).actor());
        for (ActorKind kind : new ActorKind[] {ActorKind.INTERRUPT, ActorKind.IDLE, ActorKind.THROTTLED}) {
            int number = RecordLayouts.ActorKind.ACTOR_INTERRUPT + kind.ordinal() - ActorKind.INTERRUPT.ordinal();
            assertEquals(new Actor(kind, 0, ""), only(SlowRecords.state(worker, ThreadState.RUNNABLE, 0, MS)
                    .actor(number, 0, "")).actor());
        }
        assertFalse(reader.missesWakers());
        assertNull(only(SlowRecords.state(worker, ThreadState.BLOCKED_DISK, 0, MS)).actor());
        assertTrue(reader.missesWakers(), "of a thread that was blocked, not of one that had no CPU");
        reader.look();
        assertFalse(reader.missesWakers());
    }

    @Test
    void readsPathsFromTheirEnds() {
        FakeThread thread = java("t", ThreadState.RUNNING);
        assertEquals("/var/lib/data", on(SlowRecords.state(thread, ThreadState.BLOCKED_DISK, 0, MS)
                .text(SlowFlags.SLOW_PATH, "data", "lib", "var")).path());
        assertEquals(".../lib/dätä", on(SlowRecords.state(thread, ThreadState.BLOCKED_DISK, 0, MS)
                .text(SlowFlags.SLOW_PATH | SlowFlags.SLOW_PATH_CUT, "dätä", "lib")).path());
        assertEquals("/" + "n".repeat(63) + "...", on(SlowRecords.state(thread, ThreadState.BLOCKED_DISK, 0, MS)
                .text(SlowFlags.SLOW_PATH, "n".repeat(63))).path());
        assertNull(on(SlowRecords.state(thread, ThreadState.BLOCKED_OTHER, 0, MS).text(SlowFlags.SLOW_PATH)).path());
    }

    private WaitedOn on(SlowRecords record) {
        return only(record).on();
    }

    @Test
    void readsWhatCallsWereGiven() {
        FakeThread thread = java("t", ThreadState.RUNNING);
        WaitedOn open = on(SlowRecords.call(thread, ThreadMetric.FILE_OPEN_FAILED, 0, MS).error(2)
                .text(SlowFlags.SLOW_STRING, "/no/such"));
        assertEquals(new WaitedOn(null, "/no/such", null, null, null, 0, 0, 0, 2), open);
        assertEquals("example.org", on(SlowRecords.call(thread, ThreadMetric.DNS, 0, MS)
                .text(SlowFlags.SLOW_STRING, "example.org")).host());
        assertTrue(on(SlowRecords.call(thread, ThreadMetric.FILE_OPEN, 0, MS)
                .text(SlowFlags.SLOW_STRING, "a".repeat(255))).path().endsWith("aaa..."), "there may have been more");
    }

    @Test
    void readsAddresses() {
        FakeThread thread = java("t", ThreadState.RUNNING);
        assertEquals("10.0.0.1:443", on(SlowRecords.call(thread, ThreadMetric.TCP_CONNECT, 0, MS)
                .socket(2, 443, 10, 0, 0, 1)).address());
        assertEquals("[0:0:0:0:0:0:0:1]:65535", on(SlowRecords.call(thread, ThreadMetric.TCP_CONNECT, 0, MS)
                .socket(10, 65535, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)).address());
        assertEquals("10.0.0.1:80", on(SlowRecords.call(thread, ThreadMetric.TCP_CONNECT, 0, MS)
                .socket(10, 80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1)).address());
        assertEquals("unix", on(SlowRecords.state(thread, ThreadState.BLOCKED_SOCKET, 0, MS).socket(1, 0)).address());
        assertNull(on(SlowRecords.state(thread, ThreadState.BLOCKED_SOCKET, 0, MS).socket(2, 0)).address(),
                "it listens");
        assertNull(on(SlowRecords.state(thread, ThreadState.BLOCKED_SOCKET, 0, MS).socket(16, 1)).address(), "netlink");
    }

    @Test
    void readsDiskRequests() {
        FakeThread thread = java("t", ThreadState.RUNNING);
        WaitedOn unknown = on(SlowRecords.call(thread, ThreadMetric.BLOCK_READ, 0, MS).request(8, 5, 4096));
        assertEquals(new WaitedOn(null, null, null, null, null, 5, 4096, 0, 0), unknown);
    }

    @Test
    void tellsOfAThreadThatNobodyKnows() {
        SlowEvent event = only(SlowRecords.call(null, ThreadMetric.DNS, 0, MS));
        assertEquals("", event.thread().name());
        assertEquals("", event.pool());
        assertEquals(0, event.tid());
    }

    @Test
    void keepsTheLastAndCountsTheRest() {
        FakeThread thread = java("t", ThreadState.RUNNING);
        for (int i = 0; i < 2000; i++) {
            ring.put(SlowRecords.call(thread, ThreadMetric.DNS, 0, i + 1).bytes());
            if (i % 100 == 0) {
                reader.look();
            }
        }
        reader.look();
        Snapshot snapshot = read();
        assertEquals(Snapshot.MOST_SLOW_EVENTS, snapshot.slow().size());
        assertEquals(2000, snapshot.slow().get(Snapshot.MOST_SLOW_EVENTS - 1).durationNs());
        assertEquals(2000 - Snapshot.MOST_SLOW_EVENTS, snapshot.losses().get(Loss.LOST_SLOW_EVENTS));
        assertEquals(Snapshot.MOST_SLOW_EVENTS, snapshot.slow().get(Snapshot.MOST_SLOW_EVENTS - 1).number());
        assertSame(snapshot.slow(), read().slow());
        kernel.lose(RecordLayouts.KernelLosses.LOST_SLOW_EVENTS);
        assertEquals(2001 - Snapshot.MOST_SLOW_EVENTS, read().losses().get(Loss.LOST_SLOW_EVENTS));
    }

    @Test
    void tellsNothingOfTheAgentNorOfCompilersWithoutACpu() {
        FakeThread own = java("bpf-agent-control", ThreadState.RUNNING);
        FakeThread compiler = kernel.start("C2 CompilerThre", ThreadState.RUNNING);
        ring.put(SlowRecords.state(own, ThreadState.BLOCKED_DISK, 0, 1).bytes());
        ring.put(SlowRecords.state(compiler, ThreadState.RUNNABLE, 0, 2).bytes());
        ring.put(SlowRecords.state(compiler, ThreadState.BLOCKED_DISK, 0, 3).bytes());
        reader.look();
        assertEquals(List.of(3L), read().slow().stream().map(SlowEvent::durationNs).toList());
    }

    @Test
    void whatIsNotToldPushesNothingOut() {
        FakeThread own = java("bpf-agent", ThreadState.RUNNING);
        FakeThread thread = java("t", ThreadState.RUNNING);
        only(SlowRecords.call(thread, ThreadMetric.DNS, 0, 7));
        for (int i = 0; i < Snapshot.MOST_SLOW_EVENTS; i++) {
            ring.put(SlowRecords.call(own, ThreadMetric.FILE_OPEN, 0, 1).bytes());
            reader.look();
        }
        assertEquals(List.of(7L), read().slow().stream().map(SlowEvent::durationNs).toList());
    }

    @Test
    void saysWhenTheRingFills() {
        FakeThread thread = java("t", ThreadState.RUNNING);
        ring.put(SlowRecords.call(thread, ThreadMetric.DNS, 0, 1).bytes());
        reader.look();
        assertFalse(reader.isBusy());
        for (int i = 0; i < 60; i++) {
            ring.put(SlowRecords.call(thread, ThreadMetric.DNS, 0, 1).bytes());
        }
        reader.look();
        assertTrue(reader.isBusy());
        reader.look();
        assertFalse(reader.isBusy());
    }

    @Test
    void givesAnIntervalWhatIsNewInIt() {
        FakeThread thread = java("t", ThreadState.RUNNING);
        only(SlowRecords.call(thread, ThreadMetric.DNS, 0, 1));
        Snapshot before = read();
        only(SlowRecords.call(thread, ThreadMetric.DNS, 0, 2));
        assertEquals(List.of(2L), read().minus(before).slow().stream().map(SlowEvent::durationNs).toList());
    }

    @Test
    void passesOverWhatMakesNoSense() {
        FakeThread thread = java("t", ThreadState.RUNNING);
        ring.put(new byte[24]);
        ring.put(SlowRecords.call(thread, ThreadMetric.DNS, 5, 1).bytes());
        ring.put(SlowRecords.call(thread, ThreadMetric.DNS, 0, 1).metric(200).bytes());
        assertFalse(reader.look());
        assertEquals(3, read().losses().get(Loss.LOST_SLOW_EVENTS));
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[SlowRecord.SIZE];
            random.nextBytes(bytes);
            ring.put(bytes);
            reader.look();
            if (i % 500 == 0) {
                read();
            }
        }
        assertNotNull(read());
    }

    @Test
    void asksForTheStackWhileTheThreadIsBlocked() {
        FakeThread thread = java("t", ThreadState.RUNNING);
        ledger.read();
        stack = List.of("a.B.c(B.java:1)", "a.B.run(B.java:2)");
        kernel.change(thread, ThreadState.BLOCKED_MONITOR);
        final long sinceNs = kernel.nowNs;
        kernel.pass(49 * MS);
        reader.look();
        assertEquals(List.of(), asked, "not yet");
        kernel.pass(2 * MS);
        reader.look();
        kernel.pass(25 * MS);
        reader.look();
        assertEquals(List.of((long) thread.tid), asked, "once");
        kernel.change(thread, ThreadState.RUNNABLE);
        assertEquals(stack, only(SlowRecords.state(thread, ThreadState.BLOCKED_MONITOR, sinceNs,
                kernel.nowNs)).stack());
        assertEquals(List.of(), only(SlowRecords.state(thread, ThreadState.BLOCKED_MONITOR, kernel.nowNs,
                kernel.nowNs + MS)).stack(), "of another wait");
    }

    @Test
    void asksForTheStackOfACallWhoseWaitsAreOrdinary() {
        FakeThread thread = java("t", ThreadState.RUNNING);
        ledger.read();
        stack = List.of("java.net.Inet6AddressImpl.lookupAllHostAddr(Native Method)");
        final long sinceNs = kernel.nowNs;
        kernel.inCall(thread, ThreadMetric.DNS);
        kernel.pass(MS);
        kernel.change(thread, ThreadState.BLOCKED_POLL);
        kernel.pass(60 * MS);
        reader.look();
        kernel.change(thread, ThreadState.RUNNING);
        assertEquals(stack, only(SlowRecords.call(thread, ThreadMetric.DNS, sinceNs, kernel.nowNs)).stack());
    }

    /** Its programs were away when it ended, or are. */
    @Test
    void asksForNoStackOfACallWhoseEndNobodySees() {
        FakeThread thread = java("t", ThreadState.RUNNING);
        ledger.read();
        kernel.inCall(thread, ThreadMetric.DNS);
        kernel.pass(MS);
        kernel.change(thread, ThreadState.BLOCKED_PARK);
        reader.ignoreCalls(List.of(ThreadState.BLOCKED_PARK, ThreadMetric.DNS));
        kernel.pass(60 * MS);
        reader.look();
        assertEquals(List.of(), asked, "off");
        kernel.forgetBegins();
        reader.ignoreCalls(List.of(ThreadMetric.FILE_OPEN));
        reader.look();
        assertEquals(List.of(), asked, "on again");
        kernel.inCall(thread, ThreadMetric.DNS);
        reader.look();
        assertEquals(List.of((long) thread.tid), asked, "one that has begun since");
    }

    @Test
    void asksForNoStackOfThoseThatWaitForWork() {
        FakeThread idle = java("pool-1", ThreadState.RUNNING);
        FakeThread gc = kernel.start("GC Thread#0", ThreadState.RUNNING);
        ledger.read();
        kernel.change(idle, ThreadState.BLOCKED_PARK);
        kernel.change(gc, ThreadState.BLOCKED_MONITOR);
        kernel.pass(1_000 * MS);
        reader.look();
        assertEquals(List.of(), asked);
    }

    @Test
    void asksForTwentyStacksASecondAtMost() {
        List<FakeThread> threads = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            threads.add(java("t-" + i, ThreadState.RUNNING));
        }
        ledger.read();
        threads.forEach(thread -> kernel.change(thread, ThreadState.BLOCKED_DISK));
        kernel.pass(60 * MS);
        reader.look();
        reader.look();
        assertEquals(20, asked.size());
        kernel.pass(1_000 * MS);
        reader.look();
        assertEquals(30, asked.size());
    }

    /** Before JDK 19 all threads stop while one is asked. */
    @Test
    void asksForAHundredthOfTheTimeAtMost() {
        for (int i = 0; i < 30; i++) {
            FakeThread thread = java("t-" + i, ThreadState.RUNNING);
            ledger.read();
            kernel.change(thread, ThreadState.BLOCKED_DISK);
        }
        kernel.pass(60 * MS);
        askingNs = 40 * MS;
        reader.look();
        assertEquals(1, asked.size(), "40 ms are a hundredth of four seconds, of which one was before");
        kernel.pass(2_900 * MS);
        reader.look();
        assertEquals(1, asked.size());
        kernel.pass(61 * MS);
        askingNs = MS / 5;
        reader.look();
        assertEquals(1 + 1, asked.size(), "what was paid for is no credit");
        for (int i = 0; i < 100; i++) {
            kernel.pass(20 * MS);
            reader.look();
        }
        assertEquals(30, asked.size());
    }

    @Test
    void forgetsAStackThatWasTakenTooLate() {
        FakeThread thread = java("t", ThreadState.RUNNING);
        ledger.read();
        kernel.change(thread, ThreadState.BLOCKED_DISK);
        final long sinceNs = kernel.nowNs;
        kernel.pass(60 * MS);
        SlowReader late = new SlowReader(ring, kernel.memory(), ledger, SlowLimits.of(10 * MS, Map.of()), 50 * MS,
                javaId -> {
                    kernel.change(thread, ThreadState.RUNNING);
                    return List.of("somewhere else");
                }, () -> kernel.nowNs, () -> WALL_MS);
        late.look();
        ring.put(SlowRecords.state(thread, ThreadState.BLOCKED_DISK, sinceNs, kernel.nowNs).bytes());
        late.look();
        assertEquals(List.of(), late.addTo(ledger.read()).slow().get(0).stack());
    }

    @Test
    void tellsTheKernelSideItsLimits() {
        int states = RecordLayouts.SlowLimits.STATE_NS;
        assertEquals(10 * MS, kernel.slowLimits.getLong(states + ThreadState.RUNNABLE.ordinal() * Long.BYTES));
        assertEquals(-1, kernel.slowLimits.getLong(states + ThreadState.BLOCKED_PARK.ordinal() * Long.BYTES));
        assertEquals(-1, kernel.slowLimits.getLong(states + ThreadState.RUNNING.ordinal() * Long.BYTES));
        int metrics = RecordLayouts.SlowLimits.METRIC_NS;
        assertEquals(10 * MS, kernel.slowLimits.getLong(metrics + ThreadMetric.DNS.ordinal() * Long.BYTES));
        assertEquals(-1, kernel.slowLimits.getLong(metrics + ThreadMetric.SOCKET_ACCEPT.ordinal() * Long.BYTES));
        assertEquals(-1, kernel.slowLimits.getLong(metrics + ThreadMetric.BLOCK_IO_SIZE.ordinal() * Long.BYTES));
        SlowLimits.of(SlowLimits.NEVER, Map.of(ThreadState.BLOCKED_PARK, 0L, ThreadMetric.SOCKET_ACCEPT, 7L))
                .write(kernel.slowLimits);
        assertEquals(-1, kernel.slowLimits.getLong(states + ThreadState.RUNNABLE.ordinal() * Long.BYTES));
        assertEquals(0, kernel.slowLimits.getLong(states + ThreadState.BLOCKED_PARK.ordinal() * Long.BYTES));
        assertEquals(7, kernel.slowLimits.getLong(metrics + ThreadMetric.SOCKET_ACCEPT.ordinal() * Long.BYTES));
    }
}
