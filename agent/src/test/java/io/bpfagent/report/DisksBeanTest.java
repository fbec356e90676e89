package io.bpfagent.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.DiskUsage;
import io.bpfagent.correlation.DiskUsage.Operation;
import io.bpfagent.correlation.DiskUsage.Use;
import io.bpfagent.correlation.DiskUsage.User;
import java.util.List;
import java.util.Map;
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

class DisksBeanTest {
    private final MBeanServer server = MBeanServerFactory.newMBeanServer();
    private final FakeAgent agent = new FakeAgent();
    private ObjectName name;
    private JmxReport report;

    @BeforeEach
    void start() throws Exception {
        name = new ObjectName("io.bpfagent:type=Disks");
        report = new JmxReport(server, agent);
    }

    private TabularData disks() throws Exception {
        return (TabularData) server.getAttribute(name, "Disks");
    }

    private TabularData disks(DiskUsage... disks) throws Exception {
        agent.latest = DiskDocumentTest.snapshot(List.of(disks));
        return disks();
    }

    private static DiskUsage reads(String disk, int major, int minor, long requests, long maxNs) {
        return new DiskUsage(disk, major, minor, List.of(new Use(User.HOST, Operation.READ, requests, 4_096 * requests,
                requests, 10 * requests, maxNs, 1)), Map.of());
    }

    private static CompositeData row(TabularData disks, Object... key) {
        return disks.get(key);
    }

    @Test
    void hasARowForEachDiskUserAndOperation() throws Exception {
        TabularData disks = disks(DiskDocumentTest.disks().toArray(new DiskUsage[0]));
        assertEquals(5, disks.size());
        CompositeData reads = row(disks, "nvme0n1", 259, 0, "host", "read");
        assertEquals(List.of("nvme0n1", 259, 0, "host", "read", 3L, 139_264L, 21_000L, 1_670_000L, 1_500_000L, 1L),
                List.of(reads.getAll(new String[] {"disk", "major", "minor", "by", "operation", "requests", "bytes",
                    "queueNs", "deviceNs", "maxDeviceNs", "sequential"})));
        assertEquals(11, reads.getCompositeType().keySet().size());
        assertEquals(1_048_576L, row(disks, "nvme0n1", 259, 0, "kernel", "write").get("bytes"));
        assertEquals(0L, row(disks, "nvme0n1", 259, 0, "kernel", "flush").get("bytes"));
        assertEquals(1_073_741_824L, row(disks, "nvme0n1", 259, 0, "other", "other").get("bytes"));
    }

    @Test
    void hasNoRowBeforeTheFirstSnapshotAndWithoutDisks() throws Exception {
        agent.latest = null;
        assertEquals(0, disks().size());
        assertEquals(0, disks(new DiskUsage[0]).size());
        assertEquals(0, disks(new DiskUsage("sda", 8, 0, List.of(), Map.of())).size());
    }

    @Test
    void tellsDisksOfOneNameApart() throws Exception {
        TabularData disks = disks(reads("sda", 8, 0, 3, 100), reads("sda", 8, 16, 5, 70));
        assertEquals(2, disks.size());
        assertEquals(3L, row(disks, "sda", 8, 0, "host", "read").get("requests"));
        assertEquals(5L, row(disks, "sda", 8, 16, "host", "read").get("requests"));
    }

    @Test
    void addsWhatCameBackUnderTheSameNumbers() throws Exception {
        TabularData disks = disks(reads("sda", 8, 0, 3, 100), reads("sdb", 8, 16, 1, 1), reads("sda", 8, 0, 5, 70));
        assertEquals(2, disks.size());
        CompositeData both = row(disks, "sda", 8, 0, "host", "read");
        assertEquals(8L, both.get("requests"));
        assertEquals(8L * 4_096, both.get("bytes"));
        assertEquals(8L, both.get("queueNs"));
        assertEquals(80L, both.get("deviceNs"));
        assertEquals(100L, both.get("maxDeviceNs"));
        assertEquals(2L, both.get("sequential"));
    }

    @Test
    void takesAnyName() throws Exception {
        String odd = "a:b,c=\"*?\"\n\u001b[2J";
        assertEquals(odd, row(disks(reads(odd, 8, 0, 1, 1)), odd, 8, 0, "host", "read").get("disk"));
    }

    @Test
    void isOfOpenTypesAndGoesWithTheReport() throws Exception {
        var attributes = server.getMBeanInfo(name).getAttributes();
        assertEquals(1, attributes.length);
        OpenMBeanAttributeInfo info = (OpenMBeanAttributeInfo) attributes[0];
        assertTrue(info.getOpenType().isValue(disks(DiskDocumentTest.disks().get(0))));
        assertEquals(disks().getTabularType(), info.getOpenType());
        assertEquals(List.of("disk", "major", "minor", "by", "operation"), disks().getTabularType().getIndexNames());
        assertThrows(AttributeNotFoundException.class, () -> server.getAttribute(name, "Threads"));
        assertThrows(ReflectionException.class, () -> server.invoke(name, "histogram", null, null));
        report.close();
        assertFalse(server.isRegistered(name));
    }
}
