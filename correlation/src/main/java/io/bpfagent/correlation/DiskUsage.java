package io.bpfagent.correlation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a block device did, for the host and for all others, as {@code /proc/diskstats} counts it. Immutable.
 *
 * @param name   as in {@code /proc/diskstats}, for example {@code nvme0n1}
 * @param major  the device's major number
 * @param minor  its minor number
 * @param uses   by whom and what, those that there were
 * @param deviceTimes how long reads, writes and flushes took in the device, whoever sent them
 */
public record DiskUsage(String name, int major, int minor, List<Use> uses, Map<Operation, Distribution> deviceTimes) {
    /** Who has sent a request. The order is that of {@code enum disk_user}. */
    public enum User {
        /** Threads of this JVM, themselves. */
        HOST,
        /** Threads of the kernel, on behalf of anybody: writeback, journals, flushes. */
        KERNEL,
        /** Other processes. */
        OTHER
    }

    /** The order is that of {@code enum disk_operation}. */
    public enum Operation {
        READ, WRITE,
        /** Of the device's own cache: the command, which the kernel sends for all who wait. */
        FLUSH,
        /** Somebody's wait for that; {@code /proc/diskstats} counts it as a write of nothing. */
        FLUSH_WAIT,
        /** Discards and the like. */
        OTHER
    }

    /**
     * Requests of one kind that are done.
     *
     * @param queueNs     how long they were in the kernel's queues, together
     * @param deviceNs    how long they were in the device, together
     * @param maxDeviceNs the longest of those
     * @param sequential  how many began where the request before, whoever's, had ended
     */
    public record Use(User user, Operation operation, long requests, long bytes, long queueNs, long deviceNs,
            long maxDeviceNs, long sequential) {
        /** What was added since {@code earlier}; the maximum is that of all time. */
        Use minus(Use earlier) {
            return new Use(user, operation, requests - earlier.requests, bytes - earlier.bytes,
                    queueNs - earlier.queueNs, deviceNs - earlier.deviceNs, maxDeviceNs,
                    sequential - earlier.sequential);
        }
    }

    public DiskUsage {
        Objects.requireNonNull(name, "name");
        uses = List.copyOf(uses);
        deviceTimes = Map.copyOf(deviceTimes);
    }

    /** What was added since {@code earlier}, which is the same disk. */
    DiskUsage minus(DiskUsage earlier) {
        List<Use> differences = new ArrayList<>(uses.size());
        for (Use use : uses) {
            Use before = earlier.use(use.user(), use.operation());
            differences.add(before == null ? use : use.minus(before));
        }
        Map<Operation, Distribution> times = new EnumMap<>(Operation.class);
        deviceTimes.forEach((operation, distribution) -> times.put(operation,
                distribution.minus(earlier.deviceTimes.getOrDefault(operation, Distribution.EMPTY))));
        return new DiskUsage(name, major, minor, differences, times);
    }

    /** What {@code user} did of {@code operation}, or null. */
    public Use use(User user, Operation operation) {
        for (Use use : uses) {
            if (use.user() == user && use.operation() == operation) {
                return use;
            }
        }
        return null;
    }
}
