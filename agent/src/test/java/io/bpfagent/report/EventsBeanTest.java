package io.bpfagent.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.SlowEvent;
import io.bpfagent.correlation.ThreadState;
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
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EventsBeanTest {
    private final MBeanServer server = MBeanServerFactory.newMBeanServer();
    private final FakeAgent agent = new FakeAgent();
    private final BlockingQueue<Notification> told = new LinkedBlockingQueue<>();
    private ObjectName name;
    private JmxReport report;

    @BeforeEach
    void start() throws Exception {
        name = new ObjectName("io.bpfagent:type=Events");
        agent.latest = FakeAgent.sampleWithEvents();
        report = new JmxReport(server, agent);
    }

    @AfterEach
    void close() {
        report.close();
    }

    private TabularData table() throws Exception {
        return (TabularData) server.getAttribute(name, "Events");
    }

    private CompositeData event(long number) throws Exception {
        return (CompositeData) server.invoke(name, "event", new Object[] {number}, new String[] {"java.lang.Long"});
    }

    private void show(SlowEvent... events) {
        List<SlowEvent> all = new ArrayList<>(agent.latest.slow());
        all.addAll(List.of(events));
        agent.latest = agent.latest.withSlow(all);
        report.update(agent.latest);
    }

    @Test
    void showsTheSlowEvents() throws Exception {
        TabularData events = table();
        assertEquals(9, events.size());
        CompositeData event = events.get(new Object[] {23L});
        assertEquals(25, event.getCompositeType().keySet().size());
        assertEquals(1_700_000_023_123L, event.get("atMs"));
        assertEquals("blocked_disk", event.get("metric"));
        assertEquals(178_200_000L, event.get("durationNs"));
        assertEquals(12, event.get("tid"));
        assertEquals(10_012, event.get("hostTid"));
        assertEquals(21L, event.get("javaId"));
        assertEquals("worker-7", event.get("thread"));
        assertEquals("worker-#", event.get("pool"));
        assertEquals(3, event.get("cpu"));
        assertEquals("fsync", event.get("syscall"));
        assertEquals("/srv/app/journal", event.get("path"));
        assertNull(event.get("address"));
        assertNull(event.get("device"));
        assertEquals("kernel", event.get("who"));
        assertEquals(0, event.get("whoId"));
        assertEquals("kworker/0:1H", event.get("whoName"));
        assertEquals("0x7f31c8000b60", events.get(new Object[] {25L}).get("futex"));
        CompositeData write = events.get(new Object[] {26L});
        assertEquals("vda", write.get("device"));
        assertEquals(81_920L, write.get("sector"));
        assertEquals(131_072L, write.get("bytes"));
        assertNull(write.get("who"));
        assertNull(write.get("whoId"));
        assertEquals("ENOENT", events.get(new Object[] {27L}).get("errno"));
        assertEquals("db.example.com", events.get(new Object[] {28L}).get("host"));
        assertEquals("10.0.0.1:443", events.get(new Object[] {29L}).get("address"));
        assertEquals(0L, server.getAttribute(name, "NotificationsDropped"));
    }

    @Test
    void showsAnEventWithItsStack() throws Exception {
        assertEquals(25 + 1, event(25).getCompositeType().keySet().size());
        assertArrayEquals(new String[] {"com.example.Cache.get(Cache.java:23)",
            "com.example.Server.answer(Server.java:41)"}, (String[]) event(25).get("stack"));
        assertEquals(0, ((String[]) event(31).get("stack")).length);
        assertEquals("", event(31).get("thread"));
    }

    @Test
    void showsNoneBeforeTheFirstSnapshot() throws Exception {
        agent.latest = null;
        assertEquals(0, table().size());
    }

    @Test
    void refusesANumberOfNoEvent() {
        RuntimeMBeanException refusal = assertThrows(RuntimeMBeanException.class, () -> event(22));
        assertInstanceOf(IllegalArgumentException.class, refusal.getCause());
        assertEquals("number must be that of one of the last 9 slow events, number=22", refusal.getCause()
                .getMessage());
    }

    @Test
    void notifiesOfEveryNewOne() throws Exception {
        NotificationListener listener = (notification, handback) -> told.add(notification);
        server.addNotificationListener(name, listener, null, null);
        report.update(agent.latest);
        show(FakeAgent.event(32, ThreadState.RUNNABLE, 10_000_000), FakeAgent.event(33, ThreadState.BLOCKED_DISK, 1));
        Notification notification = told.take();
        assertEquals("io.bpfagent.event", notification.getType());
        assertEquals(name, notification.getSource());
        assertEquals(32, notification.getSequenceNumber());
        assertEquals(1_700_000_032_123L, notification.getTimeStamp());
        assertEquals("slow event 32: runnable 10.0 ms: worker-7", notification.getMessage());
        assertEquals(table().get(new Object[] {32L}), notification.getUserData());
        assertEquals(33, told.take().getSequenceNumber());
        assertTrue(told.isEmpty());
        var infos = server.getMBeanInfo(name).getNotifications();
        assertEquals(1, infos.length);
        assertEquals(Set.of("io.bpfagent.event"), Set.of(infos[0].getNotifTypes()));
        server.removeNotificationListener(name, listener);
    }

    @Test
    void tellsAnEventInOneLine() {
        assertEquals(List.of(
                "slow event 23: blocked_disk 178.2 ms: worker-7; fsync /srv/app/journal; woken by kernel kworker/0:1H",
                "slow event 24: runnable 31.0 ms: worker-7; behind process sha256sum",
                "slow event 25: blocked_monitor 59.4 ms: worker-7; futex 0x7f31c8000b60; woken by own main",
                "slow event 26: block_write 20.1 ms: worker-7; vda sector 81920",
                "slow event 27: file_open_failed 12.0 ms: worker-7; /etc/missing ENOENT",
                "slow event 28: dns 5004.0 ms: worker-7; db.example.com",
                "slow event 29: tcp_connect 1020.0 ms: worker-7; 10.0.0.1:443",
                "slow event 30: blocked_futex 2000.0 ms: a\"b\\c\u2028\u00fc; futex 0x7f31d0000010; woken by interrupt",
                "slow event 31: blocked_socket 250.0 ms: tid 0; read [::1]:5432"),
                agent.latest.slow().stream().map(EventLine::of).toList());
    }
}
