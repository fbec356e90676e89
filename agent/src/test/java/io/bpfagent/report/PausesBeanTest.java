package io.bpfagent.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.Notification;
import javax.management.NotificationListener;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PausesBeanTest {
    private final MBeanServer server = MBeanServerFactory.newMBeanServer();
    private final FakeAgent agent = new FakeAgent();
    private final BlockingQueue<Notification> told = new LinkedBlockingQueue<>();
    private ObjectName name;
    private JmxReport report;

    @BeforeEach
    void start() throws Exception {
        name = new ObjectName("io.bpfagent:type=Pauses");
        agent.latest = FakeAgent.sampleWithPauses();
        report = new JmxReport(server, agent);
    }

    @AfterEach
    void close() {
        report.close();
    }

    private CompositeData pause(Object number) throws Exception {
        return (CompositeData) server.invoke(name, "pause", new Object[] {number}, new String[] {"java.lang.Long"});
    }

    private void showPauses(Pause... pauses) {
        List<Pause> all = new ArrayList<>(agent.latest.pauses());
        all.addAll(List.of(pauses));
        Snapshot now = agent.latest.withPauses(all);
        agent.latest = now;
        report.update(now);
    }

    @Test
    void showsThePauses() throws Exception {
        TabularData pauses = (TabularData) server.getAttribute(name, "Pauses");
        assertEquals(2, pauses.size());
        CompositeData pause = pauses.get(new Object[] {17L});
        assertEquals(1_700_000_000_123L, pause.get("atMs"));
        assertEquals("G1CollectForAllocation", pause.get("operation"));
        assertEquals(true, pause.get("gc"));
        assertEquals(178_200_000L, pause.get("totalNs"));
        assertEquals(2_100_000L, pause.get("timeToSafepointNs"));
        assertEquals(false, pause.get("incomplete"));
        assertEquals(2_100_000L, pause.get("reachingNs"));
        assertEquals(31_000_000L, pause.get("workingNs"));
        assertEquals(145_000_000L, pause.get("noCpuNs"));
        assertEquals(100_000L, pause.get("blockedNs"));
        assertEquals("tid 0, worker-7", pause.get("lateThreads"));
        assertEquals(31_000_000L, pause.get("workersRunningNs"));
        assertEquals(306_000_000L, pause.get("workersRunnableNs"));
        assertEquals(14, pause.getCompositeType().keySet().size());
        assertEquals(true, pauses.get(new Object[] {19L}).get("incomplete"));
        assertEquals(100_000_000L, server.getAttribute(name, "ThresholdNs"));
        assertEquals(0L, server.getAttribute(name, "NotificationsDropped"));
    }

    @Test
    void showsNoneBeforeTheFirstSnapshot() throws Exception {
        agent.latest = null;
        assertEquals(0, ((TabularData) server.getAttribute(name, "Pauses")).size());
    }

    @Test
    void showsAPauseWithItsThreads() throws Exception {
        CompositeData pause = pause(17L);
        assertEquals(17L, pause.get("number"));
        assertEquals(100_000L, pause.get("blocked_futex"));
        assertEquals(0L, pause.get("blocked_other"));
        assertEquals(14 + 14 + 1, pause.getCompositeType().keySet().size());
        CompositeData[] threads = (CompositeData[]) pause.get("threads");
        assertEquals(List.of("VM Thread", "GC Thread#0", "GC Thread#1", "", "worker-7"),
                List.of(threads).stream().map(thread -> thread.get("name")).toList());
        CompositeData worker = threads[1];
        assertEquals(15, worker.get("tid"));
        assertEquals("gc", worker.get("role"));
        assertEquals(700L, worker.get("minorFaults"));
        assertEquals(1L, worker.get("majorFaults"));
        assertEquals(20_000_000L, worker.get("running"));
        assertEquals(156_000_000L, worker.get("runnable"));
        CompositeData[] occupants = (CompositeData[]) worker.get("occupants");
        assertEquals("process", occupants[0].get("kind"));
        assertEquals("stress-ng", occupants[0].get("who"));
        assertEquals(150_000_000L, occupants[0].get("ns"));
        assertEquals("own", occupants[1].get("kind"));
        assertEquals("own", occupants[1].get("who"));
        assertEquals(2, occupants.length);
        assertEquals("late", threads[4].get("role"));
        assertEquals(90_000L, threads[4].get("blocked_fault"));
    }

    @Test
    void refusesANumberOfNoPause() {
        RuntimeMBeanException refusal = assertThrows(RuntimeMBeanException.class, () -> pause(18L));
        assertInstanceOf(IllegalArgumentException.class, refusal.getCause());
        assertEquals("number must be that of one of the last 2 pauses, number=18", refusal.getCause().getMessage());
        assertThrows(ReflectionException.class, () -> pause("17"));
        assertThrows(ReflectionException.class, () -> pause(null));
        assertThrows(ReflectionException.class, () -> server.invoke(name, "pause", null, null));
    }

    @Test
    void notifiesOfPausesOverTheThreshold() throws Exception {
        NotificationListener listener = (notification, handback) -> {
            assertEquals("handback", handback);
            told.add(notification);
        };
        server.addNotificationListener(name, listener, null, "handback");
        report.update(agent.latest);
        showPauses(FakeAgent.pause(20, 99_999_999), FakeAgent.pause(23, 100_000_000));
        Notification notification = told.take();
        assertEquals("io.bpfagent.pause", notification.getType());
        assertEquals(name, notification.getSource());
        assertEquals(23, notification.getSequenceNumber());
        assertEquals(1_700_000_000_023L, notification.getTimeStamp());
        assertEquals("pause 23: ThreadDump 100.0 ms: reaching 100.0, working 0.0, no CPU 0.0, blocked 0.0",
                notification.getMessage());
        CompositeData row = (CompositeData) notification.getUserData();
        assertEquals(((TabularData) server.getAttribute(name, "Pauses")).get(new Object[] {23L}), row);
        report.update(agent.latest);
        showPauses(FakeAgent.pause(24, 3_600_000_000_000L));
        assertEquals(24, told.take().getSequenceNumber());
        assertTrue(told.isEmpty());
        server.removeNotificationListener(name, listener);
    }

    @Test
    void saysWhatItSends() throws Exception {
        var infos = server.getMBeanInfo(name).getNotifications();
        assertEquals(1, infos.length);
        assertEquals(Set.of("io.bpfagent.pause"), Set.of(infos[0].getNotifTypes()));
        assertEquals("javax.management.Notification", infos[0].getName());
    }

    @Test
    void tellsAPauseInOneLine() {
        assertEquals("pause 17: G1CollectForAllocation 178.2 ms: reaching 2.1, working 31.0, no CPU 145.0, blocked"
                + " 0.1; "
                + "late: tid 0, worker-7", PauseLine.of(agent.latest.pauses().get(0)));
        assertEquals("pause 19: unknown 1.0 ms: reaching 1.0, working 0.0, no CPU 0.0, blocked 0.0; incomplete",
                PauseLine.of(agent.latest.pauses().get(1)));
    }
}
