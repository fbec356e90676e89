package io.bpfagent.it.guest;

import static io.bpfagent.it.guest.Unharmed.assertNothingInKernel;
import static io.bpfagent.it.guest.Unharmed.assertSilent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.SceneHost;
import io.bpfagent.workload.OwnBeans;
import io.bpfagent.workload.Scenes;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import javax.management.Descriptor;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.MBeanServerConnection;
import javax.management.Notification;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.TabularData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The beans, from inside the application and by a stock client that has no classes of ours. */
class JmxIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final List<String> METRICS = List.of("running", "runnable", "blocked_monitor", "blocked_park",
            "blocked_wait", "blocked_sleep", "blocked_safepoint", "blocked_vm", "blocked_futex", "blocked_poll",
            "blocked_socket", "blocked_disk", "blocked_fault", "blocked_reclaim", "blocked_process", "blocked_other");
    /** Those on request are not among them. */
    private static final List<String> EVENT_METRICS = List.of("gc_pause", "safepoint", "time_to_safepoint",
            "vm_operation", "class_init", "jit_compile");
    private static final List<String> THREAD_METRICS = List.of("file_open", "file_open_failed", "file_sync",
            "socket_connect", "socket_accept", "dns", "block_read", "block_write", "block_read_queue",
            "block_write_queue", "block_io_size", "reclaim", "compaction", "tcp_connect", "tcp_connect_failed",
            "tcp_rtt", "tcp_life");
    private static final String PAUSES = "io.bpfagent:type=Pauses";
    private static final Set<String> LATENCY_NUMBERS = Set.of("Count", "Sum", "Min", "Mean", "P50", "P90", "P99",
            "P999", "Max");

    private int asked;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void theApplicationSeesTheBeansWhileTheAgentIsThere(Jdk jdk) {
        try (HostJvm host = HostJvm.of(jdk).agent("interval=100ms").main(OwnBeans.class).start()) {
            host.await("on");
            host.freshReport();
            Await.until(SOON, host::report, () -> ask(host, "beans io.bpfagent:*").contains("pool=bean counter #"));
            TreeSet<String> names = new TreeSet<>(List.of(ask(host, "beans io.bpfagent:*").split(";")));
            assertTrue(names.contains("io.bpfagent:type=Agent") && names.contains("io.bpfagent:type=Threads"),
                    names::toString);
            assertEquals(METRICS.size() + EVENT_METRICS.size() + THREAD_METRICS.size(),
                    ask(host, "beans io.bpfagent:type=Latency,metric=*").split(";").length);
            for (List<String> metrics : List.of(METRICS, EVENT_METRICS, THREAD_METRICS)) {
                for (String metric : metrics) {
                    assertTrue(names.contains("io.bpfagent:metric=" + metric + ",type=Latency"), metric);
                }
            }
            assertTrue(names.contains(PAUSES), names::toString);
            assertTrue(names.contains("io.bpfagent:type=Disks"), names::toString);
            assertTrue(names.contains("io.bpfagent:type=Events"), names::toString);
            assertTrue(names.contains("io.bpfagent:type=Remotes"), names::toString);
            assertEquals("on", ask(host, "get io.bpfagent:type=Agent State"));
            assertTrue(Long.parseLong(ask(host, "get io.bpfagent:type=Latency,metric=blocked_sleep Count")) > 0);

            host.detach();
            assertEquals("", ask(host, "beans io.bpfagent:*"));
            host.attach("interval=100ms");
            host.await("on");
            Await.until(SOON, host::report, () -> ask(host, "beans io.bpfagent:*").contains("type=Agent"));
            host.send("end");
            assertEquals(0, host.awaitExit(), host::report);
            assertSilent(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void listenersOfTheApplicationAreToldOfPausesAndDoNoHarm(Jdk jdk) {
        try (HostJvm host = HostJvm.of(jdk).jvm("-XX:+UseSerialGC").agent("interval=100ms,pause-threshold=1ms")
                .main(OwnBeans.class).start()) {
            host.await("on");
            Await.until(SOON, host::report, () -> ask(host, "beans " + PAUSES).contains("type=Pauses"));
            ask(host, "listen " + PAUSES + " throw");
            ask(host, "listen " + PAUSES + " count");
            ask(host, "collect 23");
            Await.until(SOON, () -> "told of 23\n" + host.report(), () -> Integer.parseInt(ask(host, "told")) >= 23);
            long longOnes = host.pauses(0).pauses().stream().filter(pause -> pause.totalNs() >= 1_000_000).count();
            assertTrue(Integer.parseInt(ask(host, "told")) <= longOnes, "told of more than there were");

            ask(host, "listen " + PAUSES + " never-return");
            ask(host, "collect 400");
            Await.until(SOON, host::report,
                    () -> Long.parseLong(ask(host, "get " + PAUSES + " NotificationsDropped")) > 0);
            host.freshReport();
            assertEquals("on", host.status().get("state").getAsString());
            host.detach();
            assertEquals("", ask(host, "beans io.bpfagent:*"));
            assertNothingInKernel(host);
            host.send("end");
            assertEquals(0, host.awaitExit(), host::report);
            assertSilent(host);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    @SuppressWarnings("BanJNDI") // what a JMX client does; the server is this test's
    void aStockClientIsToldOfLongPausesAndOfNoOthers(Jdk jdk) throws Exception {
        try (HostJvm host = HostJvm.of(jdk).jvm("-XX:+UseSerialGC", "-XX:-UseCountedLoopSafepoints", "-Xbatch")
                .agent("interval=100ms,pause-threshold=50ms").main(Scenes.class).start()) {
            host.await("on");
            host.awaitLine("ready");
            try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(localAddress(host)))) {
                MBeanServerConnection server = connector.getMBeanServerConnection();
                ObjectName pauses = new ObjectName(PAUSES);
                Await.until(SOON, host::report, () -> count(server, PAUSES) > 0);
                assertEquals(50_000_000L, server.getAttribute(pauses, "ThresholdNs"));
                List<Notification> told = new CopyOnWriteArrayList<>();
                server.addNotificationListener(pauses, (notification, handback) -> told.add(notification), null, null);
                // Who comes late is not told of what was long before.
                SortedMap<Long, CompositeData> there = rows(server, pauses);
                long before = there.isEmpty() ? 0 : there.lastKey();
                SceneHost.play(host, "dumps 23");
                SceneHost.play(host, "late-loop 200");
                Await.until(SOON, host::report, () -> !told.isEmpty());
                host.freshReport();
                assertToldOf(told, before, server, pauses);
            }
        }
    }

    /** The pauses in the table, by number. */
    private static SortedMap<Long, CompositeData> rows(MBeanServerConnection server, ObjectName pauses)
            throws Exception {
        SortedMap<Long, CompositeData> rows = new TreeMap<>();
        for (Object row : ((TabularData) server.getAttribute(pauses, "Pauses")).values()) {
            rows.put((Long) ((CompositeData) row).get("number"), (CompositeData) row);
        }
        return rows;
    }

    /** Of the pauses since then those over the threshold, and of each all there is to say. */
    private static void assertToldOf(List<Notification> told, long before, MBeanServerConnection server,
            ObjectName pauses) throws Exception {
        SortedMap<Long, CompositeData> rows = rows(server, pauses).tailMap(before + 1);
        assertTrue(rows.size() >= 24, () -> "rows: " + rows.size());
        SortedSet<Long> expected = new TreeSet<>();
        rows.forEach((number, pause) -> {
            if ((Long) pause.get("totalNs") >= 50_000_000L) {
                expected.add(number);
            }
        });
        Await.until(SOON, () -> "all of " + expected + " and not only " + numbers(told), () ->
                numbers(told).containsAll(expected));
        // One that came after the table was read may have been told too.
        assertEquals(expected, numbers(told).tailSet(before + 1).headSet(rows.lastKey() + 1));
        for (Notification notification : told) {
            assertEquals("io.bpfagent.pause", notification.getType());
            CompositeData pause = (CompositeData) notification.getUserData();
            assertTrue(notification.getMessage().contains((String) pause.get("operation")), notification::getMessage);
            CompositeData detail = (CompositeData) server.invoke(pauses, "pause", new Object[] {pause.get("number")},
                    new String[] {"long"});
            assertEquals(pause.get("totalNs"), detail.get("totalNs"));
            assertTrue(((CompositeData[]) detail.get("threads")).length > 0, detail::toString);
        }
    }

    private static SortedSet<Long> numbers(List<Notification> told) {
        SortedSet<Long> numbers = new TreeSet<>();
        told.forEach(notification -> numbers.add((Long) ((CompositeData) notification.getUserData()).get("number")));
        return numbers;
    }

    /** The answer to the next question, which the host numbers. */
    private String ask(HostJvm host, String line) {
        asked++;
        host.send(line);
        return host.awaitLine(asked + " ").substring((asked + " ").length());
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    @SuppressWarnings("BanJNDI") // what a JMX client does; the server is this test's
    void aStockClientReadsAllOfItByOpenTypes(Jdk jdk) throws Exception {
        try (HostJvm host = HostJvm.of(jdk).agent("interval=100ms").main(OwnBeans.class).start()) {
            host.await("on");
            host.freshReport();
            try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(localAddress(host)))) {
                MBeanServerConnection server = connector.getMBeanServerConnection();
                Await.until(SOON, host::report, () -> count(server, "io.bpfagent:type=Latency,pool=*,*") > 0);
                for (ObjectName name : server.queryNames(new ObjectName("io.bpfagent:*"), null)) {
                    assertOpen(name, server);
                }
                assertNumbers(server);
                server.invoke(new ObjectName("io.bpfagent:type=Agent"), "detach", null, null);
                Await.until(SOON, host::report, () -> count(server, "io.bpfagent:*") == 0);
            }
            host.send("end");
            assertEquals(0, host.awaitExit(), host::report);
        }
    }

    /** As jconsole does it: the JVM's own connector, by the attach mechanism. */
    private static String localAddress(HostJvm host) throws IOException, AttachNotSupportedException {
        VirtualMachine machine = VirtualMachine.attach(Long.toString(host.pid()));
        try {
            return machine.startLocalManagementAgent();
        } finally {
            machine.detach();
        }
    }

    private static int count(MBeanServerConnection server, String pattern) {
        try {
            return server.queryNames(new ObjectName(pattern), null).size();
        } catch (IOException | JMException e) {
            throw new AssertionError(e);
        }
    }

    /** Whatever it says of itself and whatever it answers is of a class that every JDK has. */
    private static void assertOpen(ObjectName name, MBeanServerConnection server) throws Exception {
        MBeanInfo info = server.getMBeanInfo(name);
        for (MBeanAttributeInfo attribute : info.getAttributes()) {
            assertOpenType(attribute.getDescriptor(), name + " " + attribute.getName(), attribute.getType());
            Object value = server.getAttribute(name, attribute.getName());
            assertTrue(value == null || ofTheJdk(value.getClass().getName()), () -> name + " " + attribute + " "
                    + value);
        }
        for (MBeanOperationInfo operation : info.getOperations()) {
            if (!operation.getReturnType().equals("void")) {
                assertOpenType(operation.getDescriptor(), name + " " + operation.getName(), operation.getReturnType());
            }
            for (MBeanParameterInfo parameter : operation.getSignature()) {
                assertOpenType(parameter.getDescriptor(), name + " " + operation.getName(), parameter.getType());
            }
            if (operation.getImpact() == MBeanOperationInfo.INFO && operation.getSignature().length == 0) {
                Object value = server.invoke(name, operation.getName(), null, null);
                assertTrue(ofTheJdk(value.getClass().getName()), () -> name + " " + operation + " " + value);
            }
        }
    }

    private static void assertOpenType(Descriptor descriptor, String what, String type) {
        assertTrue(descriptor.getFieldValue("openType") instanceof OpenType<?>, () -> what + " " + descriptor);
        assertTrue(ofTheJdk(type), () -> what + " " + type);
    }

    private static boolean ofTheJdk(String type) {
        return type.matches("(\\[L)?javax?\\..*|long|int|double|boolean");
    }

    private static void assertNumbers(MBeanServerConnection server) throws Exception {
        ObjectName sleep = new ObjectName("io.bpfagent:type=Latency,metric=blocked_sleep,pool=bean counter #");
        Set<String> attributes = List.of(server.getMBeanInfo(sleep).getAttributes()).stream()
                .map(MBeanAttributeInfo::getName).collect(Collectors.toSet());
        assertTrue(attributes.containsAll(LATENCY_NUMBERS), attributes::toString);
        // It sleeps 5 ms each time, and a bucket is 6.25 % wide.
        assertTrue((Long) server.getAttribute(sleep, "P50") >= 4_700_000, () -> "P50 of sleeps of 5 ms");
        TabularData buckets = (TabularData) server.invoke(sleep, "histogram", null, null);
        long inBuckets = 0;
        for (Object row : buckets.values()) {
            inBuckets += (Long) ((CompositeData) row).get("count");
        }
        assertTrue(inBuckets > 0 && inBuckets <= (Long) server.getAttribute(sleep, "Count"), "buckets hold "
                + inBuckets);

        TabularData threads = (TabularData) server.getAttribute(new ObjectName("io.bpfagent:type=Threads"), "Threads");
        Set<Object> names = threads.values().stream().map(row -> ((CompositeData) row).get("name"))
                .collect(Collectors.toSet());
        assertTrue(names.contains("bean counter 7") && names.contains("main"), names::toString);
        ObjectName agent = new ObjectName("io.bpfagent:type=Agent");
        assertEquals("on", server.getAttribute(agent, "State"));
        assertFalse(((TabularData) server.getAttribute(agent, "Probes")).isEmpty());
        assertFalse(((TabularData) server.getAttribute(agent, "Losses")).isEmpty());
    }
}
