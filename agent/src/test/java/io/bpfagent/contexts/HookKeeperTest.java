package io.bpfagent.contexts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.hooks.ContextSettings;
import io.bpfagent.hooks.HookReport;
import io.bpfagent.hooks.TracePattern;
import io.bpfagent.hooks.Weaver;
import io.bpfagent.kernel.KernelException;
import io.bpfagent.report.Probe;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class HookKeeperTest {
    private static final ContextSettings TRACE =
            new ContextSettings(true, List.of(TracePattern.of("a.B.c")), false, false);

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final FakeWeaver weaver = new FakeWeaver();
    private volatile KernelException refusal;
    private final HookKeeper keeper = new HookKeeper(new FakeSource(), lines::add);

    private final class FakeSource implements WeaverSource {
        @Override
        public Weaver open() throws KernelException {
            calls.add("open on " + Thread.currentThread().getName());
            if (refusal != null) {
                throw refusal;
            }
            return weaver;
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }

    private final class FakeWeaver implements Weaver {
        private volatile CountDownLatch mayGoOn = new CountDownLatch(0);
        private volatile boolean failed;
        private volatile HookReport report = new HookReport("trace", 0, 0, null, false);
        private volatile List<String> unrestored = List.of();

        @Override
        public void want(ContextSettings settings) {
            calls.add("want " + settings.trace().size());
            try {
                mayGoOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public boolean hasFailed() {
            return failed;
        }

        @Override
        public List<HookReport> removeFailed() {
            if (!failed) {
                return List.of();
            }
            failed = false;
            report = new HookReport("trace", 0, 10, "java.lang.Error", true);
            return List.of(report);
        }

        @Override
        public List<HookReport> reports() {
            return List.of(report);
        }

        @Override
        public List<String> close() {
            calls.add("restore");
            return unrestored;
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 1_000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertTrue(condition.getAsBoolean());
    }

    /** Without what is said of its being at work. */
    private List<String> probes() {
        return keeper.probes().stream().filter(probe -> !probe.name().equals("hooks") || probe.status()
                .equals(Probe.FAILED))
                .map(probe -> probe.name() + " " + probe.status() + " " + probe.detail()).toList();
    }

    @Test
    void weavesOnAThreadOfItsOwnAndRestoresWhenItIsClosed() throws InterruptedException {
        assertEquals(List.of(), keeper.probes());
        keeper.want(TRACE);
        await(() -> calls.size() == 2);
        keeper.want(new ContextSettings(true, List.of(), false, false));
        await(() -> calls.size() == 3);
        weaver.report = new HookReport("trace", 3, 0, null, false);
        assertEquals(List.of("trace attached in 3 classes"), probes());
        weaver.report = new HookReport("trace", 1, 2, "java.lang.Error", false);
        assertEquals(List.of("trace attached in 1 class; 2 failures: java.lang.Error"), probes());
        keeper.close();
        keeper.close();
        assertEquals(List.of("open on bpf-agent-hooks", "want 1", "want 0", "restore", "close"), calls);
        assertEquals(List.of(), lines);
        keeper.want(TRACE);
        assertEquals(5, calls.size());
    }

    @Test
    void whatCannotBeHadIsALineAndAProbeThatHasFailed() throws InterruptedException {
        refusal = new KernelException("Cannot weave hooks", ": no room. Make some.");
        keeper.want(TRACE);
        await(() -> !lines.isEmpty());
        assertEquals(List.of(refusal.getMessage()), lines);
        assertEquals(List.of("hooks failed " + refusal.getMessage()), probes());
        keeper.close();
        assertEquals(List.of("open on bpf-agent-hooks", "close"), calls);
    }

    @Test
    void aHookThatHasFailedIsSaidOnce() throws InterruptedException {
        keeper.want(TRACE);
        await(() -> calls.size() == 2);
        weaver.failed = true;
        keeper.look();
        await(() -> !lines.isEmpty());
        keeper.look();
        assertEquals(List.of("Hook taken out (trace): it has failed 10 times, java.lang.Error. The application runs"
                + " on, and"
                + " without its contexts; please report it. See TROUBLESHOOTING.md, \"Hook taken out\"."), lines);
        assertEquals(List.of("trace failed taken out after 10 failures: java.lang.Error"), probes());
    }

    @Test
    void aClassThatKeepsItsHooksIsNamed() throws InterruptedException {
        weaver.unrestored = List.of("a.B", "c.D");
        keeper.want(TRACE);
        await(() -> calls.size() == 2);
        keeper.close();
        assertEquals(1, lines.size());
        assertTrue(lines.get(0).startsWith("Cannot restore a class (a.B and 1 more): "), lines::toString);
    }

    @Test
    void weavingThatEndsAfterTheAgentRestores() throws InterruptedException {
        HookKeeper impatient = new HookKeeper(new FakeSource(), lines::add, 50);
        weaver.mayGoOn = new CountDownLatch(1);
        impatient.want(TRACE);
        await(() -> calls.size() == 2);
        impatient.close();
        assertEquals(1, lines.size());
        assertTrue(lines.get(0).startsWith("Cannot restore a class: weaving has not ended in "), lines::toString);
        assertEquals(List.of("open on bpf-agent-hooks", "want 1"), calls);
        weaver.mayGoOn.countDown();
        await(() -> calls.size() == 4);
        assertEquals(List.of("open on bpf-agent-hooks", "want 1", "restore", "close"), calls);
        impatient.close();
        assertEquals(4, calls.size());
        assertEquals(1, lines.size());
    }
}
