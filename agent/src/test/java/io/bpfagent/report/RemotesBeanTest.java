package io.bpfagent.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.RemoteUsage;
import java.util.List;
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

class RemotesBeanTest {
    private final MBeanServer server = MBeanServerFactory.newMBeanServer();
    private final FakeAgent agent = new FakeAgent();
    private ObjectName name;
    private JmxReport report;

    @BeforeEach
    void start() throws Exception {
        name = new ObjectName("io.bpfagent:type=Remotes");
        report = new JmxReport(server, agent);
    }

    private TabularData remotes() throws Exception {
        return (TabularData) server.getAttribute(name, "Remotes");
    }

    private TabularData remotes(List<RemoteUsage> remotes) throws Exception {
        agent.latest = RemoteDocumentTest.snapshot(remotes);
        return remotes();
    }

    @Test
    void hasARowForEachRemote() throws Exception {
        TabularData remotes = remotes(RemoteDocumentTest.remotes());
        assertEquals(4, remotes.size());
        CompositeData database = remotes.get(new Object[] {"outgoing", "10.0.0.7", 5432});
        assertEquals(List.of(10L, 3L, 8L, 1L, 0L, 4L, 0L, 1L, 1_234_567L, 98_765_432L, 60L, 30_000_000L, 250_000L,
                2_000_000L, 480_000L, 1L, 4_000_000_000L, 4_000_000_000L),
                List.of(database.getAll(new String[] {"open", "begun", "found", "closed", "failed", "retransmits",
                    "resetsReceived", "resetsSent", "bytesSent", "bytesReceived", "rttCount", "rttSumNs", "rttMinNs",
                    "rttMaxNs", "rttLastNs", "lifeCount", "lifeSumNs", "lifeMaxNs"})));
        assertEquals(21, database.getCompositeType().keySet().size());
        assertEquals(23L, remotes.get(new Object[] {"outgoing", "2001:db8::1", 443}).get("failed"));
        assertEquals(7L, remotes.get(new Object[] {"incoming", "", 0}).get("begun"));
    }

    @Test
    void hasNoRowBeforeTheFirstSnapshotAndWithoutConnections() throws Exception {
        agent.latest = null;
        assertEquals(0, remotes().size());
        assertEquals(0, remotes(List.of()).size());
    }

    @Test
    void isOfOpenTypesAndGoesWithTheReport() throws Exception {
        var attributes = server.getMBeanInfo(name).getAttributes();
        assertEquals(1, attributes.length);
        OpenMBeanAttributeInfo info = (OpenMBeanAttributeInfo) attributes[0];
        assertTrue(info.getOpenType().isValue(remotes(RemoteDocumentTest.remotes())));
        assertEquals(List.of("direction", "address", "port"), remotes().getTabularType().getIndexNames());
        assertThrows(AttributeNotFoundException.class, () -> server.getAttribute(name, "Threads"));
        assertThrows(ReflectionException.class, () -> server.invoke(name, "histogram", null, null));
        report.close();
        assertFalse(server.isRegistered(name));
    }
}
