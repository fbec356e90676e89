package io.bpfagent.report;

import static io.bpfagent.correlation.Snapshots.activity;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.ContextKind;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.Snapshots;
import io.bpfagent.correlation.ThreadState;
import java.util.List;
import java.util.Set;
import javax.management.AttributeNotFoundException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.OpenMBeanAttributeInfo;
import javax.management.openmbean.TabularData;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ContextsBeanTest {
    private final MBeanServer server = MBeanServerFactory.newMBeanServer();
    private final FakeAgent agent = new FakeAgent();
    private ObjectName name;
    private JmxReport report;

    @BeforeEach
    void start() throws Exception {
        name = new ObjectName("io.bpfagent:type=Contexts");
        agent.latest = new Snapshots().at(1, 0);
        report = new JmxReport(server, agent);
    }

    private void update(Snapshots snapshots) {
        Snapshot snapshot = snapshots.at(15_000_000_000L, 10_000_000_000L);
        agent.latest = snapshot;
        report.update(snapshot);
    }

    private TabularData contexts() throws Exception {
        return (TabularData) server.getAttribute(name, "Contexts");
    }

    private Set<ObjectName> histograms() throws Exception {
        return server.queryNames(new ObjectName("io.bpfagent:type=Latency,context=*,*"), null);
    }

    /** Most hosts have none, and a bean is memory. */
    @Test
    void isThereWhereContextsAreCounted() throws Exception {
        update(new Snapshots());
        assertFalse(server.isRegistered(name));
        update(new Snapshots().contextsAreOn());
        assertEquals(0, contexts().size());
    }

    @Test
    void hasARowForEachContext() throws Exception {
        update(ContextDocumentTest.contexts());
        assertEquals(4, contexts().size());
        CompositeData request = contexts().get(new Object[] {"request", "POST /orders"});
        assertEquals(List.of(2L, 156_000_000L, 107_000_000L, 10_000_000L, 46_000_000L, 7_000_000L, 0L, 100_000_000L),
                List.of(request.getAll(new String[] {"count", "wallNs", "itselfNs", "running", "blocked_disk",
                    "itself_running", "itself_blocked_disk", "itself_blocked_sleep"})));
        assertEquals(5 + 2 * 16, request.getCompositeType().keySet().size());
        assertEquals(7_000_000L, contexts().get(new Object[] {"other", "other"}).get("runnable"));
    }

    @Test
    void aHistogramIsThereAsSoonAsThereIsSomethingInIt() throws Exception {
        update(ContextDocumentTest.contexts());
        String save = "io.bpfagent:type=Latency,metric=blocked_disk,context=com.acme.Repo.save";
        assertEquals(2L, server.getAttribute(new ObjectName(save), "Count"));
        assertEquals(46_000_000L, server.getAttribute(new ObjectName(save), "Sum"));
        assertEquals(3L, server.getAttribute(
                new ObjectName("io.bpfagent:type=Latency,metric=running,context=POST /orders"), "Count"));
        assertEquals(4, histograms().size());
        agent.metrics = List.of(ThreadState.RUNNING);
        update(ContextDocumentTest.contexts());
        assertEquals(2, histograms().size());
        report.close();
        assertEquals(0, histograms().size());
        assertFalse(server.isRegistered(name));
    }

    @Test
    void thereAreNeverMoreHistogramsThanTheLimit() throws Exception {
        Snapshots many = new Snapshots();
        for (int i = 0; i < 1_000; i++) {
            many.context(ContextKind.METHOD, "a.B.c" + i + ",x=\"*?", 1, activity().stays(ThreadState.RUNNING, 1_000),
                    activity());
        }
        update(many);
        update(many);
        assertEquals(ContextBeans.MOST, histograms().size());
        assertEquals(1_000, contexts().size());
        assertTrue(report.probe().detail().endsWith("; contexts have 512 of them, the others: attach-cli hist PID"
                + " --context NAME"), report.probe().detail());
    }

    @Test
    void isOfOpenTypes() throws Exception {
        update(ContextDocumentTest.contexts());
        var attributes = server.getMBeanInfo(name).getAttributes();
        assertEquals(1, attributes.length);
        assertTrue(((OpenMBeanAttributeInfo) attributes[0]).getOpenType().isValue(contexts()));
        assertEquals(List.of("kind", "name"), contexts().getTabularType().getIndexNames());
        assertThrows(AttributeNotFoundException.class, () -> server.getAttribute(name, "Threads"));
        assertThrows(ReflectionException.class, () -> server.invoke(name, "histogram", null, null));
    }
}
