package io.bpfagent.report;

import io.bpfagent.correlation.DiskUsage;
import io.bpfagent.correlation.Snapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.management.openmbean.SimpleType;

/**
 * The {@code type=Disks} bean: what was sent to the block devices, one row for each disk, user and operation that
 * there has been. Some 330 bytes a row, at most 15 rows a disk.
 */
final class DisksBean extends OpenBean<List<DiskUsage>> {
    /** A row of the table. */
    private record Row(DiskUsage disk, DiskUsage.Use use) {
        /** What tells it from other rows; a record of its own would be a class more. */
        List<Object> key() {
            return List.of(disk.name(), disk.major(), disk.minor(), use.user(), use.operation());
        }

        Row plus(DiskUsage.Use more) {
            return new Row(disk, new DiskUsage.Use(use.user(), use.operation(), use.requests() + more.requests(),
                    use.bytes() + more.bytes(), use.queueNs() + more.queueNs(), use.deviceNs() + more.deviceNs(),
                    Math.max(use.maxDeviceNs(), more.maxDeviceNs()), use.sequential() + more.sequential()));
        }
    }

    private static final class Rows extends OpenRows<Row> {
        /** A name alone may have been another disk's before. */
        private static final int KEY_COLUMNS = 5;

        Rows() {
            super("io.bpfagent.Disk", "Requests of one kind that a disk has done since the agent began");
            column("disk", "Name as in /proc/diskstats", SimpleType.STRING);
            column("major", "Its major number", SimpleType.INTEGER);
            column("minor", "Its minor number", SimpleType.INTEGER);
            column("by", "host (this JVM), kernel (writeback, journals, flushes, for anybody) or other (processes)",
                    SimpleType.STRING);
            column("operation", "read, write, flush, flush_wait or other", SimpleType.STRING);
            longColumn("requests", "How many");
            longColumn("bytes", "What they moved");
            longColumn("queueNs", "How long they were in the kernel's queues, together, ns");
            longColumn("deviceNs", "How long they were in the device, together, ns");
            longColumn("maxDeviceNs", "The longest of those, ns");
            longColumn("sequential", "How many began where the request before, whoever's, had ended");
            done(KEY_COLUMNS);
        }

        @Override
        Object value(Row row, int column) {
            return switch (column) {
                case 0 -> row.disk.name();
                case 1 -> row.disk.major();
                case 2 -> row.disk.minor();
                case 3 -> Labels.of(row.use.user());
                case 4 -> Labels.of(row.use.operation());
                case 5 -> row.use.requests();
                case 6 -> row.use.bytes();
                case 7 -> row.use.queueNs();
                case 8 -> row.use.deviceNs();
                case 9 -> row.use.maxDeviceNs();
                default -> row.use.sequential();
            };
        }
    }

    private static final Rows ROWS = new Rows();

    private static final OpenBeanType TYPE = new OpenBeanType(
            DisksBean.class.getName(), "What was sent to the block devices, by this JVM and by all others")
            .attribute("Disks", "One row for each disk, user and operation", ROWS.tableType())
            .done();

    private final AgentView agent;

    DisksBean(AgentView agent) {
        super(TYPE);
        this.agent = agent;
    }

    @Override
    List<DiskUsage> capture() {
        Snapshot latest = agent.latest();
        return latest == null ? List.of() : latest.disks();
    }

    /** There is one: Disks. */
    @Override
    Object attribute(List<DiskUsage> disks, String name) {
        return ROWS.table(rows(disks).values());
    }

    @Override
    Object operation(List<DiskUsage> disks, String name, Object[] parameters) {
        throw OpenBeanType.unknown(name);
    }

    /** A disk that was taken away and came back under its name and numbers is two in the snapshot, and one here. */
    private static Map<List<Object>, Row> rows(List<DiskUsage> disks) {
        Map<List<Object>, Row> rows = new LinkedHashMap<>();
        for (DiskUsage disk : disks) {
            for (DiskUsage.Use use : disk.uses()) {
                Row row = new Row(disk, use);
                Row before = rows.get(row.key());
                rows.put(row.key(), before == null ? row : before.plus(use));
            }
        }
        return rows;
    }
}
