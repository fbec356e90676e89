package io.bpfagent.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.agent.AgentState;
import io.bpfagent.agent.JmxMode;
import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Loss;
import io.bpfagent.correlation.Losses;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.Snapshots;
import io.bpfagent.correlation.ThreadKind;
import io.bpfagent.correlation.ThreadMetric;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.UserMetric;
import java.io.ByteArrayOutputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.AttributeNotFoundException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.OpenMBeanAttributeInfo;
import javax.management.openmbean.OpenMBeanOperationInfo;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.TabularData;
import org.junit.jupiter.api.Test;

class JmxReportTest {
    /** The agent, threads, disks, remotes, pauses and slow events. */
    private static final int FIXED = 6;
    private static final String WORKERS = "io.bpfagent:type=Latency,metric=runnable,pool=worker-#";
    private final MBeanServer server = MBeanServerFactory.newMBeanServer();
    private final FakeAgent agent = new FakeAgent();

    private JmxReport started() {
        agent.latest = FakeAgent.sample();
        JmxReport report = new JmxReport(server, agent);
        report.update(agent.latest);
        return report;
    }

    private Set<ObjectName> ours() throws Exception {
        return server.queryNames(new ObjectName("io.bpfagent:*"), null);
    }

    private Object get(String bean, String attribute) throws Exception {
        return server.getAttribute(new ObjectName(bean), attribute);
    }

    private Object call(String bean, String operation) throws Exception {
        return server.invoke(new ObjectName(bean), operation, new Object[0], new String[0]);
    }

    @Test
    void registersPoolsWhenTheyHaveSomethingToCount() throws Exception {
        JmxReport report = new JmxReport(server, agent);
        assertEquals(FIXED + FakeAgent.ALL.size(), ours().size());
        report.update(FakeAgent.sample());
        report.update(FakeAgent.sample());
        assertEquals(FIXED + FakeAgent.ALL.size() + 6, ours().size());
        assertTrue(server.isRegistered(new ObjectName(WORKERS)));
        assertFalse(server.isRegistered(new ObjectName("io.bpfagent:type=Latency,metric=runnable,pool=main")));
        assertTrue(server.isRegistered(new ObjectName("io.bpfagent:type=Latency,metric=blocked_poll,pool="
                + ObjectName.quote("a:b,c=\"*\""))));
        assertEquals(new Probe("jmx", Probe.ATTACHED, "52 beans", 0, 0), report.probe());
    }

    @Test
    void registersOnlyKeptMetrics() throws Exception {
        agent.metrics = List.of(ThreadState.RUNNABLE, EventMetric.GC_PAUSE);
        started().update(FakeAgent.sampleWithPauses());
        assertEquals(FIXED + 2 + 1, ours().size());
    }

    @Test
    void registersOperationsWhenThereHasBeenOne() throws Exception {
        JmxReport report = started();
        assertEquals(0L, get("io.bpfagent:type=Latency,metric=jit_compile", "Count"));
        agent.latest = FakeAgent.sampleWithPauses();
        report.update(agent.latest);
        report.update(agent.latest);
        assertEquals(FIXED + FakeAgent.ALL.size() + 6 + 2, ours().size());
        String operation = "io.bpfagent:type=Latency,metric=vm_operation,operation=ThreadDump";
        assertEquals(2L, get(operation, "Count"));
        assertEquals(950_000L, get(operation, "Sum"));
        assertEquals(3L, get("io.bpfagent:type=Latency,metric=vm_operation", "Count"));
        assertEquals(178_200_000L, get("io.bpfagent:type=Latency,metric=gc_pause", "Max"));
    }

    @Test
    void registersSystemCallsWhenThereHasBeenOne() throws Exception {
        agent.metrics = List.of(EventMetric.SYSCALL);
        JmxReport report = new JmxReport(server, agent);
        agent.latest = new Snapshots().event(EventMetric.SYSCALL, 100, 300).syscall("read", 100, 300)
                .operation("ThreadDump", 9).at(1, 0);
        report.update(agent.latest);
        assertEquals(FIXED + 2, ours().size(), "no operations of a metric that is not kept");
        assertEquals(2L, get("io.bpfagent:type=Latency,metric=syscall,operation=read", "Count"));
        assertEquals(400L, get("io.bpfagent:type=Latency,metric=syscall,operation=read", "Sum"));
    }

    @Test
    void showsSizesInBytes() throws Exception {
        agent.latest = FakeAgent.sampleWithPauses();
        new JmxReport(server, agent);
        String sizes = "io.bpfagent:type=Latency,metric=object_alloc";
        assertEquals("bytes", get(sizes, "Unit"));
        assertEquals(1_048_640L, get(sizes, "Sum"));
        assertEquals(24L, get(sizes, "P50"));
        TabularData histogram = (TabularData) call(sizes, "histogram");
        assertEquals(2L, histogram.get(new Object[] {24L}).get("count"));
        assertEquals(Set.of("upToBytes", "count"), histogram.getTabularType().getRowType().keySet());
    }

    @Test
    void showsWhatElseThePoolsThreadsDidWhenTheyDidIt() throws Exception {
        JmxReport report = new JmxReport(server, agent);
        String syncs = "io.bpfagent:type=Latency,metric=file_sync";
        String sizes = "io.bpfagent:type=Latency,metric=block_io_size,pool=worker-#";
        assertTrue(server.isRegistered(new ObjectName(syncs)));
        assertFalse(server.isRegistered(new ObjectName(sizes)));
        agent.latest = FakeAgent.sample();
        report.update(agent.latest);
        assertEquals(2L, get(syncs + ",pool=worker-#", "Count"));
        assertEquals(4_200_000L, get(syncs, "Sum"));
        assertEquals("ns", get(syncs, "Unit"));
        assertEquals("bytes", get(sizes, "Unit"));
        assertEquals(139_776L, get(sizes, "Sum"));
        assertEquals(131_072L, get(sizes, "Max"));
        assertEquals(2L, ((TabularData) call(sizes, "histogram")).get(new Object[] {4_351L}).get("count"));
        assertFalse(server.isRegistered(new ObjectName(syncs + ",pool=main")));
        assertFalse(server.isRegistered(new ObjectName("io.bpfagent:type=Latency,metric=dns,pool=worker-#")));
    }

    @Test
    void followsTheUsersProbes() throws Exception {
        JmxReport report = started();
        Set<ObjectName> before = ours();
        List<Metric> kept = agent.metrics;
        UserMetric sizes = new UserMetric(21, "sizes", UserMetric.Values.NUMBERS, 1);
        agent.metrics = Stream.concat(kept.stream(), Stream.of(sizes)).toList();
        agent.latest = new Snapshots().pool("worker-#", ThreadKind.JAVA, 1, 0, Snapshots.activity()
                .counts(sizes, 5, 7)).at(2, 0);
        report.update(agent.latest);
        String bean = "io.bpfagent:type=Latency,metric=sizes";
        assertEquals("number", get(bean, "Unit"));
        assertEquals(12L, get(bean + ",pool=worker-#", "Sum"));
        assertEquals(Set.of("upTo", "count"), ((TabularData) call(bean, "histogram")).getTabularType().getRowType()
                .keySet());
        // Removed, and another of the same name in the same slot: the numbers are the other's.
        UserMetric hits = new UserMetric(21, "sizes", UserMetric.Values.COUNTS, 2);
        agent.metrics = Stream.concat(kept.stream(), Stream.of(hits)).toList();
        report.update(agent.latest);
        assertEquals("count", get(bean, "Unit"));
        assertEquals(0L, get(bean, "Count"));
        assertFalse(server.isRegistered(new ObjectName(bean + ",pool=worker-#")));
        agent.metrics = kept;
        report.update(agent.latest);
        assertEquals(before, ours());
        assertEquals(before.size() + " beans", report.probe().detail());
    }

    @Test
    void registersNoPoolsOfWhatIsNotKept() throws Exception {
        agent.metrics = List.of(ThreadMetric.BLOCK_IO_SIZE);
        started();
        assertEquals(FIXED + 1 + 1, ours().size());
        assertFalse(server.isRegistered(new ObjectName("io.bpfagent:type=Latency,metric=file_sync,pool=worker-#")));
    }

    @Test
    void takesEverythingBackOnce() throws Exception {
        JmxReport report = started();
        server.unregisterMBean(new ObjectName("io.bpfagent:type=Threads"));
        report.close();
        report.close();
        report.update(agent.latest);
        assertEquals(Set.of(), ours());
        new JmxReport(server, agent).close();
        assertEquals(Set.of(), ours());
    }

    @Test
    void replacesWhatAnEarlierAgentLeft() throws Exception {
        started();
        FakeAgent second = new FakeAgent();
        second.state = AgentState.STARTING;
        JmxReport report = new JmxReport(server, second);
        assertEquals(Probe.ATTACHED, report.probe().status());
        assertEquals("starting", get("io.bpfagent:type=Agent", "State"));
    }

    @Test
    void showsTheNumbersOfAPool() throws Exception {
        started();
        assertEquals("ns", get(WORKERS, "Unit"));
        assertEquals(3L, get(WORKERS, "Count"));
        assertEquals(500_100L, get(WORKERS, "Sum"));
        assertEquals(64L, get(WORKERS, "Min"));
        assertEquals(166_700.0, get(WORKERS, "Mean"));
        assertEquals(204_799L, get(WORKERS, "P50"));
        assertEquals(300_000L, get(WORKERS, "P90"));
        assertEquals(300_000L, get(WORKERS, "P99"));
        assertEquals(300_000L, get(WORKERS, "P999"));
        assertEquals(300_000L, get(WORKERS, "Max"));
        TabularData histogram = (TabularData) call(WORKERS, "histogram");
        assertEquals(3, histogram.size());
        assertEquals(1L, histogram.get(new Object[] {127L}).get("count"));
    }

    @Test
    void followsTheSnapshots() throws Exception {
        started();
        agent.latest = null;
        assertEquals(0L, get(WORKERS, "Count"));
        agent.latest = new Snapshot(20, 0, List.of(), List.of(), Losses.NONE);
        assertEquals(0L, get(WORKERS, "Count"));
        agent.latest = FakeAgent.sample();
        assertEquals(3L, get(WORKERS, "Count"));
    }

    @Test
    void isZeroWhereNothingWasCounted() throws Exception {
        started();
        String bean = "io.bpfagent:type=Latency,metric=blocked_sleep";
        for (String attribute : List.of("Count", "Sum", "Min", "P50", "P90", "P99", "P999", "Max")) {
            assertEquals(0L, get(bean, attribute), attribute);
        }
        assertEquals(0.0, get(bean, "Mean"));
        assertEquals(0, ((TabularData) call(bean, "histogram")).size());
    }

    @Test
    void showsTheLastInterval() throws Exception {
        started();
        assertEquals(0L, ((CompositeData) call(WORKERS, "interval")).get("lengthNs"));
        agent.interval = agent.latest.minus(new Snapshot(14_000_000_000L, 0, List.of(), List.of(), Losses.NONE));
        CompositeData interval = (CompositeData) call(WORKERS, "interval");
        assertEquals(1_000_000_000L, interval.get("lengthNs"));
        assertEquals(3L, interval.get("count"));
        assertEquals(166_700.0, interval.get("mean"));
    }

    @Test
    void showsThreadsAndPools() throws Exception {
        started();
        TabularData threads = (TabularData) get("io.bpfagent:type=Threads", "Threads");
        assertEquals(4, threads.size());
        CompositeData worker = threads.get(new Object[] {12});
        assertEquals("worker-7", worker.get("name"));
        assertEquals("worker-#", worker.get("pool"));
        assertEquals(21L, worker.get("javaId"));
        assertEquals("java", worker.get("kind"));
        assertEquals("runnable", worker.get("state"));
        assertEquals(200_100L, worker.get("runnable"));
        assertEquals(1_700_100L, worker.get("wallNs"));
        assertEquals(200_000L, worker.get("waitedProcessNs"));
        assertEquals(0L, worker.get("waitedOwnNs"));
        assertEquals(3L, worker.get("migrations"));
        assertEquals(70L, worker.get("minorFaults"));
        assertEquals(2L, worker.get("majorFaults"));
        assertEquals(7 + ThreadState.values().length + 9, worker.getCompositeType().keySet().size());
        CompositeData pool = ((TabularData) get("io.bpfagent:type=Threads", "Pools")).get(new Object[] {"worker-#"});
        assertEquals(1, pool.get("threads"));
        assertEquals(1L, pool.get("ended"));
        assertEquals(4_000_000L, pool.get("blocked_disk"));
        assertEquals(300_000L, pool.get("waitedOwnNs"));
        assertEquals(4L, pool.get("migrations"));
    }

    @Test
    void showsWhatCountersHaveCounted() throws Exception {
        agent.probes = FakeAgent.COUNTER_PROBES;
        agent.latest = FakeAgent.sampleWithCounters();
        new JmxReport(server, agent).update(agent.latest);
        TabularData threads = (TabularData) get("io.bpfagent:type=Threads", "Counters");
        assertEquals(3 * 4, threads.size(), "of each thread those that count");
        CompositeData cycles = threads.get(new Object[] {12, "cycles"});
        assertEquals("worker-1", cycles.get("name"));
        assertEquals("worker-#", cycles.get("pool"));
        assertEquals(6_000_000_000L, cycles.get("count"));
        assertEquals(1.0, cycles.get("counted"));
        CompositeData scaled = threads.get(new Object[] {13, "instructions"});
        assertEquals(1_200_000_000L, scaled.get("count"));
        assertEquals(0.5, scaled.get("counted"));
        assertEquals(-1L, threads.get(new Object[] {14, "cycles"}).get("count"));
        TabularData pools = (TabularData) get("io.bpfagent:type=Threads", "PoolCounters");
        assertEquals(4_000_000_000L, pools.get(new Object[] {"worker-#", "cpu_clock"}).get("count"));
    }

    @Test
    void showsNoCountersWhereNoneWasAskedFor() throws Exception {
        started();
        assertEquals(0, ((TabularData) get("io.bpfagent:type=Threads", "Counters")).size());
        assertEquals(0, ((TabularData) get("io.bpfagent:type=Threads", "PoolCounters")).size());
    }

    @Test
    void showsNoThreadsBeforeTheFirstSnapshot() throws Exception {
        new JmxReport(server, agent);
        assertEquals(0, ((TabularData) get("io.bpfagent:type=Threads", "Threads")).size());
        assertEquals(Loss.values().length, ((TabularData) get("io.bpfagent:type=Agent", "Losses")).size());
    }

    @Test
    void showsTheAgent() throws Exception {
        started();
        String bean = "io.bpfagent:type=Agent";
        assertEquals("on", get(bean, "State"));
        assertNull(get(bean, "Error"));
        assertEquals("0.1.0", get(bean, "Version"));
        assertEquals(5_100_000_000L, get(bean, "UptimeNanos"));
        TabularData probes = (TabularData) get(bean, "Probes");
        assertEquals("attached", probes.get(new Object[] {"sched_switch"}).get("status"));
        TabularData losses = (TabularData) get(bean, "Losses");
        assertEquals("io.bpfagent.Losses", losses.getTabularType().getTypeName());
        assertEquals(2L, losses.get(new Object[] {"torn_rows"}).get("value"));
        CompositeData cost = (CompositeData) get(bean, "Cost");
        assertEquals(7_340_032L, cost.get("kernelMemoryBytes"));
        assertEquals(61_250_000L, cost.get("programNs"));
        assertNull(call(bean, "detach"));
        assertTrue(agent.detachRequested);
    }

    @Test
    void readsTheAttributesOfOneRequestFromOneSnapshot() throws Exception {
        started();
        var attributes = server.getAttributes(new ObjectName(WORKERS), new String[] {"Count", "No", "Max"}).asList();
        assertEquals(List.of(new Attribute("Count", 3L), new Attribute("Max", 300_000L)), attributes);
    }

    @Test
    void refusesWhatIsNotThere() {
        started();
        assertThrows(AttributeNotFoundException.class, () -> get(WORKERS, "No"));
        assertThrows(ReflectionException.class, () -> call(WORKERS, "no"));
        assertThrows(AttributeNotFoundException.class,
                () -> server.setAttribute(new ObjectName(WORKERS), new Attribute("Count", 1L)));
    }

    /** A client has no class of ours: every type is open, every value can be sent and is of its type. */
    @Test
    void needsNoClassesOfOurs() throws Exception {
        started().update(FakeAgent.sampleWithPauses());
        agent.latest = FakeAgent.sampleWithPauses().withSlow(List.of(FakeAgent.event(17, ThreadState.RUNNABLE, 1)));
        for (ObjectName name : ours()) {
            for (MBeanAttributeInfo info : server.getMBeanInfo(name).getAttributes()) {
                check(assertInstanceOf(OpenMBeanAttributeInfo.class, info).getOpenType(),
                        server.getAttribute(name, info.getName()));
            }
            for (MBeanOperationInfo info : server.getMBeanInfo(name).getOperations()) {
                Object[] parameters = info.getSignature().length == 0 ? null
                        : new Object[] {info.getSignature()[0].getType().equals("java.lang.String") ? "interval=1s"
                        : 17L};
                check(assertInstanceOf(OpenMBeanOperationInfo.class, info).getReturnOpenType(),
                        server.invoke(name, info.getName(), parameters, null));
            }
        }
    }

    @Test
    void changesArgumentsAndTellsWhatItCosts() throws Exception {
        started();
        ObjectName bean = new ObjectName("io.bpfagent:type=Agent");
        CompositeData none = (CompositeData) server.getAttribute(bean, "Cost");
        assertEquals(0.0, none.get("share"));
        agent.cost = FakeAgent.sampleCost();
        CompositeData cost = (CompositeData) server.getAttribute(bean, "Cost");
        assertEquals(0.02, (double) cost.get("share"), 1e-9);
        assertEquals(32_000L, cost.get("allocatedBytesPerSecond"));
        assertEquals("calibration", cost.get("programsKnownBy"));
        assertEquals("", cost.get("note"));
        assertNull(server.invoke(bean, "set", new Object[] {"interval=2s"}, new String[] {"java.lang.String"}));
        assertEquals("interval=2s", agent.given);
        agent.refusal = "Bad argument: no";
        assertEquals("Bad argument: no",
                server.invoke(bean, "set", new Object[] {"interval=5"}, new String[] {"java.lang.String"}));
    }

    private static void check(OpenType<?> type, Object value) throws Exception {
        assertTrue(value == null || type.isValue(value), type + " " + value);
        try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
            out.writeObject(value);
        }
    }

    @Test
    void startsOnThePlatformsServer() throws Exception {
        agent.latest = FakeAgent.sample();
        SnapshotReport report = JmxStart.of(agent, JmxMode.TRUE);
        report.update(agent.latest);
        assertEquals("52 beans", report.probe().detail());
        report.close();
        report.close();
        assertEquals(Set.of(), java.lang.management.ManagementFactory.getPlatformMBeanServer()
                .queryNames(new ObjectName("io.bpfagent:*"), null));
    }

    @Test
    void isNotThereWhenItIsNotWanted() {
        assertNull(JmxStart.of(agent, JmxMode.FALSE));
    }

    @Test
    void letsAHostWithItsOwnLogManagerComeFirst() {
        System.setProperty("java.util.logging.manager", "org.example.OnlyInTheHost");
        try {
            SnapshotReport report = JmxStart.of(agent, JmxMode.TRUE);
            assertEquals(Probe.UNSUPPORTED, report.probe().status());
            report.update(FakeAgent.sample());
            assertEquals(Probe.UNSUPPORTED, report.probe().status());
            report.close();
        } finally {
            System.clearProperty("java.util.logging.manager");
        }
    }
}
