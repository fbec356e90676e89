package io.bpfagent.correlation.pause;

import static io.bpfagent.correlation.pause.Scene.names;
import static io.bpfagent.correlation.pause.Scene.times;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bpfagent.correlation.FakeIdentities;
import io.bpfagent.correlation.FakeKernel;
import io.bpfagent.correlation.FakeThread;
import io.bpfagent.correlation.Ledger;
import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.ThreadKind;
import io.bpfagent.correlation.ThreadState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A pause that somebody asks for long after it was finished. */
class PauseAskedLateTest {
    private static final long MS = 1_000_000;

    private final FakeKernel kernel = new FakeKernel(16, 32);
    private final FakeIdentities identities = new FakeIdentities();
    private final Ledger ledger = kernel.ledger(identities);
    private final FakeThread vm = kernel.start("VM Thread", ThreadState.RUNNING);
    private final PauseReader reader = new PauseReader(kernel.pauses.ring, kernel.memory(), ledger,
            () -> kernel.nowNs, () -> 0);

    private List<Pause> read() {
        reader.look();
        ledger.read();
        return reader.read();
    }

    /** A pause in which a worker runs for {@code ms} of 10, and another, which is there only for that. */
    private Pause pauseWith(String worker, String other, long ms) {
        FakeThread first = kernel.start("java", ThreadState.BLOCKED_FUTEX);
        FakeThread second = kernel.start("java", ThreadState.RUNNING);
        identities.nameless(first, worker, ThreadKind.GC);
        identities.nameless(second, other, ThreadKind.GC);
        ledger.read();
        kernel.pauses.begins(vm);
        kernel.pauses.reached(3, true);
        kernel.change(first, ThreadState.RUNNING);
        kernel.pass(ms * MS);
        kernel.change(first, ThreadState.BLOCKED_FUTEX);
        kernel.pass((10 - ms) * MS);
        kernel.pauses.ends(vm);
        kernel.pass(30 * MS);
        List<Pause> pauses = read();
        kernel.end(first, "java");
        kernel.end(second, "java");
        kernel.pass(MS);
        return pauses.get(pauses.size() - 1);
    }

    @Test
    void isAsItWas() {
        Pause early = pauseWith("GC Thread#0", "GC Thread#1", 3);
        // Others stand in their rows by now, nobody knows the first ones any more, and the ring has gone round.
        Pause late = early;
        for (int i = 1; i <= 600; i++) {
            late = pauseWith("GC Thread#" + 2 * i, "GC Thread#" + (2 * i + 1), 4);
        }
        assertEquals(List.of("VM Thread", "GC Thread#0", "GC Thread#1"), names(early));
        assertEquals("running=3000 blocked_futex=7000", times(early, "GC Thread#0"));
        assertEquals("running=10000", times(early, "GC Thread#1"), "its state did not change: only its row told it");
        assertEquals(601, late.number());
        assertEquals(List.of("VM Thread", "GC Thread#1200", "GC Thread#1201"), names(late));
        assertEquals("running=4000 blocked_futex=6000", times(late, "GC Thread#1200"));
    }

    @Test
    void isTheSameForAllWhoAskAtOnce() throws Exception {
        List<Pause> pauses = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            pauses.add(pauseWith("GC Thread#0", "GC Thread#1", 1 + i % 9));
        }
        ExecutorService readers = Executors.newFixedThreadPool(4);
        try {
            Callable<List<String>> ask = () -> pauses.stream().map(pause -> times(pause, "GC Thread#0")).toList();
            for (Future<List<String>> asked : readers.invokeAll(List.of(ask, ask, ask, ask))) {
                for (int i = 0; i < 256; i++) {
                    int ran = 1000 * (1 + i % 9);
                    assertEquals("running=" + ran + " blocked_futex=" + (10_000 - ran), asked.get().get(i));
                }
            }
        } finally {
            readers.shutdown();
            readers.awaitTermination(10, TimeUnit.SECONDS);
        }
    }
}
