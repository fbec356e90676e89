package io.bpfagent.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.control.HandOverControl;
import io.bpfagent.control.ProbeChange;
import io.bpfagent.control.ProbeControl;
import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.kernel.KernelException;
import io.bpfagent.natives.NativeTierException;
import io.bpfagent.report.FailedProbe;
import io.bpfagent.report.FakeAgent;
import io.bpfagent.report.Probe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.instrument.Instrumentation;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.management.MBeanServer;
import javax.management.Notification;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The life of an agent whose kernel side is a {@link FakeSession}. */
@Timeout(30)
final class AgentTest {
    private static final String FAST = "interval=100ms,jmx=false";
    private static final Path CONTROL = Path.of("/tmp/.bpf-agent-" + ProcessHandle.current().pid());

    private final FakeSession session = new FakeSession();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream stderr = System.err;
    private Agent agent;
    private Thread thread;
    private volatile Throwable escaped;

    @BeforeEach
    void catchStderr() {
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void end() throws InterruptedException {
        if (thread != null) {
            agent.requestDetach();
            thread.join();
        }
        System.setErr(stderr);
        assertNull(escaped);
        assertFalse(Files.exists(CONTROL), "the control channel is left");
    }

    private void start(String arguments, Session.Opening opening) {
        agent = new Agent(arguments, null, "1.2.3", opening);
        thread = new Thread(agent::run, "bpf-agent-under-test");
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((failed, e) -> escaped = e);
        thread.start();
    }

    private void start(String arguments) {
        start(arguments, (read, instrumentation) -> session);
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "not in time: " + what);
            Thread.sleep(2);
        }
    }

    private void awaitState(AgentState state) throws InterruptedException {
        await(state.label(), () -> agent.state() == state);
    }

    private String stderr() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void readsUntilItIsDetached() throws Exception {
        start(FAST);
        awaitState(AgentState.ON);
        assertNotNull(agent.latest());
        assertEquals(7_000_000, agent.kernelMemoryBytes());
        await("an interval", () -> agent.interval() != null);
        assertTrue(agent.interval().atNs() - agent.interval().beganNs() >= Duration.ofMillis(90).toNanos());
        assertTrue(agent.probes().stream().map(Probe::name).toList().containsAll(List.of("sched_switch", "control")));
        agent.requestDetach();
        agent.requestDetach();
        thread.join();
        assertEquals(AgentState.OFF, agent.state());
        assertEquals(1, session.closed.get());
        assertEquals(0, agent.kernelMemoryBytes());
        assertNull(agent.error());
        assertEquals("", stderr());
    }

    /** Nobody could take it out, and the next one could not begin. */
    @Test
    void goesWhenItHasFailedAndNobodyCanReachIt() throws Exception {
        Files.createFile(CONTROL);
        try {
            start("colour=blue");
            thread.join();
            assertEquals(AgentState.OFF, agent.state());
            assertEquals(2, stderr().lines().count(), stderr());
            assertTrue(stderr().contains("bpf-agent: Bad argument: ") && stderr().contains(
                    "bpf-agent: Cannot open the control channel: "), stderr());
        } finally {
            Files.delete(CONTROL);
        }
    }

    @Test
    void opensTheControlChannelAsSoonAsThereIsRoom() throws Exception {
        Files.createFile(CONTROL);
        try {
            start(FAST);
            awaitState(AgentState.ON);
            await("the line", () -> !stderr().isEmpty());
        } finally {
            Files.delete(CONTROL);
        }
        await("a control channel", () -> Files.exists(CONTROL.resolve("control.sock")));
        assertEquals(AgentState.ON, agent.state());
        assertEquals(1, stderr().lines().count(), stderr());
        assertTrue(stderr().startsWith("bpf-agent: Cannot open the control channel: "), stderr());
    }

    /** Nobody could ask it for anything while the host's own hooks run, nor take it out. */
    @Test
    void leavesAHostThatEndsWhileItBegins() throws Exception {
        start(FAST, (read, instrumentation) -> {
            agent.exitHook().run();
            return session;
        });
        thread.join();
        assertEquals(AgentState.OFF, agent.state());
        assertEquals(1, session.closed.get());
        assertEquals(0, session.ended.get(), "it is closed as ever");
        assertEquals(0, session.reads.get());
        assertEquals("", stderr());
    }

    @Test
    void leavesAHostThatEndsWhileItFails() throws Exception {
        start(FAST, (read, instrumentation) -> {
            agent.exitHook().run();
            throw new KernelException("Cannot load BPF programs", ": a reason.");
        });
        thread.join();
        assertEquals(AgentState.OFF, agent.state());
        assertEquals("", stderr());
    }

    @Test
    void staysAtWorkWhileTheHostEnds() throws Exception {
        start(FAST);
        awaitState(AgentState.ON);
        await("a control channel", () -> Files.exists(CONTROL));
        agent.exitHook().run();
        await("no control channel", () -> !Files.exists(CONTROL));
        assertEquals(1, session.ended.get());
        int reads = session.reads.get();
        await("two more snapshots", () -> session.reads.get() >= reads + 2);
        assertFalse(Files.exists(CONTROL), "and it does not open the channel again");
    }

    /** May not load by itself; the first hand-over is no good. */
    private class Unprivileged implements Session.Opening {
        private int tries;

        @Override
        public Session open(Arguments arguments, Instrumentation instrumentation) {
            throw new AssertionError("must not be tried");
        }

        @Override
        public String missingPrivileges() {
            return "CAP_BPF missing (CapEff=0)";
        }

        @Override
        public Session take(Arguments arguments, Instrumentation instrumentation, HandOverDoor door)
                throws KernelException {
            door.answer("/tmp/socket");
            if (tries++ == 0) {
                throw new KernelException("Cannot take over the BPF programs", ": a reason.");
            }
            return session;
        }
    }

    @Test
    void waitsForProgramsUntilTheyAreHandedOver() throws Exception {
        start(FAST, new Unprivileged());
        awaitState(AgentState.WAITING);
        await("a control channel", () -> Files.exists(CONTROL));
        assertEquals(1, stderr().lines().count(), stderr());
        assertTrue(stderr().startsWith("bpf-agent: Waiting for privileges: CAP_BPF missing (CapEff=0). Complete it"
                + " with: sudo attach-cli " + ProcessHandle.current().pid()), stderr());
        assertEquals(stderr().strip(), "bpf-agent: " + agent.error());
        assertNull(agent.latest());

        assertEquals("/tmp/socket", knock().socket());
        await("the first try", () -> agent.error().contains("The last try: Cannot take over"));
        assertEquals(AgentState.WAITING, agent.state());
        assertEquals("/tmp/socket", knock().socket());
        awaitState(AgentState.ON);
        assertNull(agent.error());
        assertTrue(knock().problem().contains("does not wait for any"));
        assertEquals(1, stderr().lines().count(), stderr());
    }

    /** Who has knocked is not heard any more: else the thread would look at the door for ever, without a rest. */
    @Test
    void sleepsAfterAnInternalErrorWhileProgramsAreHandedOver() throws Exception {
        start(FAST, new Unprivileged() {
            @Override
            public Session take(Arguments arguments, Instrumentation instrumentation, HandOverDoor door) {
                door.answer("/tmp/socket");
                throw new IllegalStateException("broken");
            }
        });
        awaitState(AgentState.WAITING);
        await("a control channel", () -> Files.exists(CONTROL));
        assertEquals("/tmp/socket", knock().socket());
        awaitState(AgentState.FAILED);
        await("the words", () -> agent.error().contains("java.lang.IllegalStateException: broken"));
        assertIsAnError(agent.error());
        assertTrue(knock().problem().contains("does not wait for any"));
        await("sleep", () -> thread.getState() == Thread.State.WAITING);
    }

    /** It had its programs: what ends it then is no failed hand-over, and nobody is to hand it others. */
    @Test
    void anAgentWithHandedProgramsThatEndsItselfHasFailed() throws Exception {
        session.onRead = () -> {
            if (session.reads.get() == 3) {
                AgentTest.<RuntimeException>throwUnchecked(
                        new KernelException("Cost over max-cost", ": it has turned itself off."));
            }
        };
        Unprivileged opening = new Unprivileged();
        opening.tries = 1;
        start(FAST, opening);
        awaitState(AgentState.WAITING);
        await("a control channel", () -> Files.exists(CONTROL));
        assertEquals("/tmp/socket", knock().socket());
        awaitState(AgentState.FAILED);
        assertTrue(agent.error().startsWith("Cost over max-cost: it has turned itself off."), agent.error());
        assertIsAnError(agent.error());
        await("no numbers", () -> agent.latest() == null);
        assertEquals(1, session.closed.get());
        assertTrue(knock().problem().contains("does not wait for any"));
    }

    /** As {@code CostKeeper} throws it where a test cannot make it. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwUnchecked(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /** Whoever has been let in sends nothing. */
    private static final class Silent implements Session.Opening {
        private final CountDownLatch entered = new CountDownLatch(1);

        @Override
        public Session open(Arguments arguments, Instrumentation instrumentation) {
            throw new AssertionError("must not be tried");
        }

        @Override
        public String missingPrivileges() {
            return "CAP_BPF missing (CapEff=0)";
        }

        @Override
        public Session take(Arguments arguments, Instrumentation instrumentation, HandOverDoor door)
                throws KernelException {
            door.answer("/tmp/socket");
            door.enter();
            entered.countDown();
            while (door.isOpen()) {
                LockSupport.parkNanos(1_000_000);
            }
            throw new KernelException("Cannot take over the BPF programs", ": a reason.");
        }
    }

    @Test
    void goesWhileItWaitsForWhoeverHandsProgramsOver() throws Exception {
        Silent silent = new Silent();
        start(FAST, silent);
        awaitState(AgentState.WAITING);
        knock();
        silent.entered.await();
        agent.requestDetach();
        thread.join();
        assertEquals(AgentState.OFF, agent.state());
        assertEquals(0, session.closed.get());
    }

    private HandOverControl.Answer knock() throws InterruptedException {
        HandOverControl.Reply reply = agent.handOverControl().listen();
        await("an answer", () -> reply.answer() != null);
        return reply.answer();
    }

    @Test
    void goesWithoutEverHavingHadPrograms() throws Exception {
        start(FAST, new Unprivileged());
        awaitState(AgentState.WAITING);
        agent.requestDetach();
        thread.join();
        assertEquals(AgentState.OFF, agent.state());
        assertEquals(0, session.closed.get());
    }

    @Test
    void addsTheProbesOfItsArguments() throws Exception {
        start(FAST + ",probe=lookups:uprobe:libc.so.6:getaddrinfo arg1>5; refused:tp:a:b;;nothing;bad:what");
        awaitState(AgentState.ON);
        assertEquals("lookups", agent.metrics().get(agent.metrics().size() - 1).metric());
        assertEquals("uprobe:libc.so.6:getaddrinfo arg1>5", session.userProbes.get(0).spec());
        List<Probe> failed = agent.probes().stream().filter(probe -> probe.status().equals(Probe.FAILED)).toList();
        assertEquals(List.of("refused", "nothing", "bad"), failed.stream().map(Probe::name).toList());
        ProbeControl probes = agent.probeControl();
        assertEquals(List.of(new FailedProbe("refused", "tp:a:b", failed.get(0).detail())),
                probes.failed().subList(0, 1));
        assertNull(outcome(probes.add("bad", "tp:a:b")));
        assertNull(outcome(probes.remove("nothing")));
        assertEquals(List.of("refused"), probes.failed().stream().map(FailedProbe::name).toList());
        assertEquals(1, agent.probes().stream().filter(probe -> probe.status().equals(Probe.FAILED)).count());
        assertTrue(failed.get(0).detail().startsWith("No such probe (refused)"), failed.toString());
        assertEquals(3, stderr().lines().count(), stderr());
        assertTrue(stderr().contains("Bad probe"), stderr());
        assertNull(agent.error());
    }

    @Test
    void changesProbesOnItsOwnThread() throws Exception {
        start("interval=1h,jmx=false");
        awaitState(AgentState.ON);
        await("a control channel", () -> Files.exists(CONTROL));
        String[] adder = {null};
        session.onAdd = () -> adder[0] = Thread.currentThread().getName();
        ProbeControl probes = agent.probeControl();
        assertNull(outcome(probes.add("lookups", "uprobe:libc.so.6:getaddrinfo")));
        assertEquals("bpf-agent-under-test", adder[0]);
        assertEquals(1, probes.list().size());
        assertEquals("lookups", agent.metrics().get(agent.metrics().size() - 1).metric());
        int reads = session.reads.get();
        assertTrue(outcome(probes.add("refused", "tp:a:b")).startsWith("No such probe (refused)"));
        assertTrue(outcome(probes.add("2fast", "tp:a:b")).startsWith("Bad probe"));
        assertEquals(1, probes.list().size());
        assertNull(outcome(probes.remove("lookups")));
        assertTrue(outcome(probes.remove("lookups")).startsWith("No such probe"));
        await("a snapshot after each", () -> session.reads.get() > reads);
        await("no metric", () -> agent.metrics().equals(KeptMetrics.ALL.metrics()));
        session.onAdd = () -> {
            throw new IllegalStateException("broken");
        };
        String broken = outcome(probes.add("lookups", "tp:a:b"));
        assertTrue(broken.startsWith("Cannot change probes (lookups): an internal error"), broken);
        assertEquals(AgentState.ON, agent.state());
        agent.requestDetach();
        thread.join();
        assertTrue(outcome(probes.add("lookups", "tp:a:b")).startsWith("Cannot change probes: the agent is not on"));
    }

    /** While one is at work another waits, and the numbers can be asked for. */
    @Test
    void changesOfProbesWaitForEachOtherAndNobodyForThem() throws Exception {
        start("interval=1h,jmx=false");
        awaitState(AgentState.ON);
        await("a control channel", () -> Files.exists(CONTROL));
        CountDownLatch goOn = new CountDownLatch(1);
        session.onAdd = () -> pass(goOn);
        ProbeControl probes = agent.probeControl();
        ProbeChange first = probes.add("first", "tp:a:b");
        ProbeChange second = probes.add("second", "tp:a:b");
        ProbeChange third = probes.remove("second");
        assertFalse(first.isDone() || second.isDone() || third.isDone());
        assertEquals(List.of(), probes.list());
        goOn.countDown();
        assertNull(outcome(first));
        assertNull(outcome(second));
        assertNull(outcome(third));
        assertEquals(List.of("first"), probes.list().stream().map(probe -> probe.metric().metric()).toList());
        CountDownLatch end = new CountDownLatch(1);
        session.onAdd = () -> {
            pass(end);
            agent.requestDetach();
        };
        ProbeChange last = probes.add("last", "tp:a:b");
        ProbeChange tooLate = probes.add("late", "tp:a:b");
        end.countDown();
        thread.join();
        assertTrue(last.isDone());
        assertTrue(outcome(tooLate).startsWith("Cannot change probes: the agent ends"), tooLate::problem);
    }

    private static void pass(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String outcome(ProbeChange change) throws InterruptedException {
        await("a change", change::isDone);
        return change.problem();
    }

    @Test
    void readsSoonerWhenRowsRunLow() throws Exception {
        session.low = true;
        start("interval=1h,jmx=false");
        await("reads", () -> session.reads.get() >= 3);
        assertNull(agent.interval());
    }

    @Test
    void showsAPauseWithinASecondHoweverLongTheIntervalIs() throws Exception {
        start("interval=1h,jmx=false");
        awaitState(AgentState.ON);
        assertEquals(List.of(), agent.latest().pauses());
        for (int number = 1; number <= 3; number++) {
            session.pauses.add(FakeAgent.pause(number, 7_000_000));
            int shown = number;
            await("pause " + number, () -> agent.latest().pauses().size() == shown);
        }
        assertEquals(4, session.reads.get(), "the first snapshot and one for each pause");
        assertNull(agent.interval());
    }

    @Test
    void tellsListenersWhateverTheIntervalIs() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName pauses = new ObjectName("io.bpfagent:type=Pauses");
        BlockingQueue<Notification> told = new LinkedBlockingQueue<>();
        start("interval=1h,jmx=true,pause-threshold=7ms");
        await("the bean", () -> server.isRegistered(pauses));
        server.addNotificationListener(pauses, (notification, handback) -> told.add(notification), null, null);
        session.pauses.add(FakeAgent.pause(1, 6_999_999));
        session.pauses.add(FakeAgent.pause(2, 7_000_000));
        assertEquals(2, told.take().getSequenceNumber());
    }

    /** Eight snapshots for pauses take 6 s at the usual pace. */
    @Test
    void showsPausesSoonerWhileTheyAreCrowded() throws Exception {
        session.crowded = true;
        start("interval=1h,jmx=false");
        awaitState(AgentState.ON);
        long began = System.nanoTime();
        for (int number = 1; number <= 8; number++) {
            session.pauses.add(FakeAgent.pause(number, 7_000_000));
            int shown = number;
            await("pause " + number, () -> agent.latest().pauses().size() == shown);
        }
        assertTrue(System.nanoTime() - began < Duration.ofSeconds(5).toNanos());
        assertEquals(9, session.reads.get(), "the first snapshot and one for each pause");
    }

    /** 50 looks at the usual pace take 6 s. */
    @Test
    void looksMoreOftenWhileItIsBusy() throws Exception {
        session.busy = true;
        start("interval=1h,jmx=false");
        awaitState(AgentState.ON);
        int before = session.looks.get();
        long began = System.nanoTime();
        await("looks", () -> session.looks.get() >= before + 50);
        assertTrue(System.nanoTime() - began < Duration.ofSeconds(5).toNanos());
    }

    @Test
    void keepsTheMetricsThatWereAskedFor() throws Exception {
        start("metrics=park+running,pause-threshold=7ms,interval=1h,jmx=false");
        awaitState(AgentState.ON);
        assertEquals(List.of(ThreadState.RUNNING, EventMetric.PARK), agent.metrics());
        assertEquals(7_000_000, agent.pauseThresholdNs());
    }

    @Test
    void aDetachThatComesWhileItStartsIsObeyed() throws Exception {
        CountDownLatch starting = new CountDownLatch(1);
        CountDownLatch requested = new CountDownLatch(1);
        start("interval=1h,jmx=false", (read, instrumentation) -> {
            starting.countDown();
            awaitQuietly(requested);
            return session;
        });
        starting.await();
        assertEquals(AgentState.STARTING, agent.state());
        assertNull(agent.latest());
        agent.requestDetach();
        requested.countDown();
        thread.join();
        assertEquals(AgentState.OFF, agent.state());
        assertEquals(1, session.closed.get());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void interruptsDoNotEndIt() throws Exception {
        start(FAST);
        awaitState(AgentState.ON);
        for (int i = 0; i < 100; i++) {
            thread.interrupt();
        }
        await("an interval", () -> agent.interval() != null);
        assertEquals(AgentState.ON, agent.state());
    }

    /** Otherwise who sees it failed, and attaches anew, meets what is left of it. */
    @Test
    void theKernelSideIsClosedBeforeAnybodySeesItFailed() throws Exception {
        AgentState[] seen = new AgentState[1];
        session.onRead = () -> {
            if (session.reads.get() == 3) {
                throw new OutOfMemoryError("Java heap space");
            }
        };
        session.onClose = () -> seen[0] = agent.state();
        start(FAST);
        awaitState(AgentState.FAILED);
        assertEquals(AgentState.ON, seen[0]);
        assertEquals(1, session.closed.get());
        await("the words", () -> agent.error().contains("java.lang.OutOfMemoryError: Java heap space"));
        assertIsAnError(agent.error());
        assertEquals(0, agent.kernelMemoryBytes());
        assertEquals(List.of("control"), agent.probes().stream().map(Probe::name).toList());
        await("its line", () -> stderr().equals("bpf-agent: " + agent.error() + System.lineSeparator()));
        assertTrue(thread.isAlive(), "it answers status until it is detached");
    }

    @Test
    void aFailureToCloseIsAFailureToo() throws Exception {
        session.onClose = () -> {
            throw new IllegalStateException("munmap");
        };
        start(FAST);
        awaitState(AgentState.ON);
        agent.requestDetach();
        thread.join();
        assertEquals(AgentState.OFF, agent.state());
        assertIsAnError(agent.error());
        assertTrue(agent.error().contains("munmap"), agent.error());
    }

    @Test
    void aStackOverflowStaysInside() throws Exception {
        session.onRead = AgentTest::overflow;
        start(FAST);
        awaitState(AgentState.FAILED);
        await("the words", () -> agent.error().contains("java.lang.StackOverflowError"));
        assertIsAnError(agent.error());
        assertNull(agent.latest());
    }

    @SuppressWarnings("InfiniteRecursion") // that is what it is for
    private static void overflow() {
        overflow();
    }

    @Test
    void anErrorThatCannotBeDescribedIsStillAnError() throws Exception {
        session.onRead = () -> {
            throw new RuntimeException() {
                private static final long serialVersionUID = 1L;

                @Override
                public String toString() {
                    throw new OutOfMemoryError("no words");
                }
            };
        };
        start(FAST);
        awaitState(AgentState.FAILED);
        await("its line", () -> !stderr().isEmpty());
        assertIsAnError(agent.error());
        assertEquals("bpf-agent: " + agent.error() + System.lineSeparator(), stderr());
    }

    @Test
    void aStartThatFailsSaysWhy() throws Exception {
        start(FAST, (read, instrumentation) -> {
            throw new KernelException("Kernel too old", " (4.19). bpf-agent needs Linux 5.15 or later.");
        });
        awaitState(AgentState.FAILED);
        assertIsAnError(agent.error());
        assertTrue(agent.error().startsWith("Kernel too old (4.19)."));
        assertNull(agent.latest());
    }

    @Test
    void missingLibrariesSayWhy() throws Exception {
        start(FAST, (read, instrumentation) -> {
            throw new NativeTierException("Cannot use libbpf: x. Y. See TROUBLESHOOTING.md, \"Cannot use libbpf\".");
        });
        awaitState(AgentState.FAILED);
        assertIsAnError(agent.error());
    }

    @Test
    void aBadArgumentOpensNothing() throws Exception {
        start("interval=5", (read, instrumentation) -> {
            throw new AssertionError("opened");
        });
        awaitState(AgentState.FAILED);
        assertTrue(agent.error().startsWith("Bad argument: interval must be"), agent.error());
        assertIsAnError(agent.error());
        assertEquals("interval=5", agent.arguments());
    }

    @Test
    void aHostWhoseStderrThrowsHasAnAgentThatAnswers() throws Exception {
        System.setErr(new PrintStream(printed) {
            @Override
            public void println(String line) {
                throw new StackOverflowError();
            }
        });
        start("interval=5");
        awaitState(AgentState.FAILED);
        Thread.sleep(20);
        assertTrue(thread.isAlive());
    }

    private static void assertIsAnError(String line) throws IOException {
        assertEquals(1, line.lines().count(), line);
        assertTrue(Files.readAllLines(Path.of("../TROUBLESHOOTING.md")).stream().anyMatch(text ->
                text.startsWith("## ") && line.startsWith(text.substring(3))
                        && line.endsWith("See TROUBLESHOOTING.md, \"" + text.substring(3) + "\".")), line);
    }
}
