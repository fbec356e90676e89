package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.bpfagent.records.RecordLayouts.RowFlags;
import io.bpfagent.records.RecordLayouts.ThreadRow;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThreadLookupTest {
    private final FakeKernel kernel = new FakeKernel(8, 32);
    private final FakeIdentities identities = new FakeIdentities();
    private final Ledger ledger = kernel.ledger(identities);

    @Test
    void knowsWhoStandsInARow() {
        FakeThread thread = kernel.start("java", ThreadState.RUNNING);
        identities.java(thread, "main");
        assertNull(ledger.find(thread.row, 1), "nothing has been read");
        ledger.read();
        KnownThread known = ledger.find(thread.row, 1);
        assertEquals(thread.tid, known.tid());
        assertEquals("main", known.identity().name());
        assertSame(known, ledger.find(thread.row, 1));
        assertNull(ledger.find(thread.row, 2));
        assertNull(ledger.find(8, 1));
        assertNull(ledger.find(-1, 1));
        identities.java(thread, "renamed");
        ledger.read();
        assertEquals("renamed", ledger.find(thread.row, 1).identity().name());
    }

    @Test
    void remembersThoseThatEndedForTwoReads() {
        FakeThread thread = kernel.start("java", ThreadState.RUNNING);
        identities.java(thread, "main");
        ledger.read();
        kernel.end(thread, "java");
        ledger.read();
        assertEquals("main", ledger.find(thread.row, 1).identity().name());
        ledger.read();
        assertEquals(thread.tid, ledger.find(thread.row, 1).tid());
        ledger.read();
        assertNull(ledger.find(thread.row, 1));
    }

    @Test
    void saysWhatTheThreadsOfAKindAreDoing() {
        FakeThread gc = kernel.start("GC Thread#0", ThreadState.BLOCKED_FUTEX);
        FakeThread gone = kernel.start("GC Thread#1", ThreadState.RUNNING);
        FakeThread torn = kernel.start("GC Thread#2", ThreadState.RUNNING);
        kernel.start("java", ThreadState.RUNNING);
        ledger.read();
        kernel.pass(500);
        kernel.change(gc, ThreadState.RUNNABLE);
        kernel.end(gone, "GC Thread#1");
        kernel.rows.put(torn.row * ThreadRow.SIZE + ThreadRow.STATE, (byte) 99);
        List<String> said = new ArrayList<>();
        ThreadLookup.OpenStays consumer = (thread, state, sinceNs, throttled) ->
                said.add(thread.identity().name() + " " + state + " " + sinceNs + " " + throttled);
        ledger.forEachLive(ThreadKind.GC, consumer);
        kernel.rows.put(gc.row * ThreadRow.SIZE + ThreadRow.FLAGS, (byte) RowFlags.FLAG_THROTTLED);
        ledger.forEachLive(ThreadKind.GC, consumer);
        assertEquals(List.of("GC Thread#0 1 " + kernel.nowNs + " false", "GC Thread#2 -1 0 false",
                "GC Thread#0 1 " + kernel.nowNs + " true", "GC Thread#2 -1 0 false"), said);
    }

    @Test
    void saysAsOfWhen() {
        kernel.pass(100);
        ledger.read();
        assertEquals(kernel.nowNs, ledger.asOfNs());
        kernel.pass(100);
        assertEquals(kernel.nowNs - 100, ledger.asOfNs());
    }
}
