package io.bpfagent.cli.control;

import java.util.List;
import java.util.Map;

/**
 * The answer to {@code disks}.
 *
 * @param interval whether it covers the last interval or everything since the agent began
 * @param wallNs the time that it covers
 * @param reason why no disk is known, null where disks are looked at
 */
public record DisksDocument(int schema, boolean interval, long wallNs, List<Disk> disks, String reason,
    Map<String, Long> losses) {

    public DisksDocument {
        disks = disks == null ? List.of() : List.copyOf(disks);
        losses = losses == null ? Map.of() : losses;
    }

    /** A block device, with what was sent to it by whom. */
    public record Disk(String name, int major, int minor, List<Use> uses, List<Times> deviceTimes) {

        public Disk {
            uses = uses == null ? List.of() : List.copyOf(uses);
            deviceTimes = deviceTimes == null ? List.of() : List.copyOf(deviceTimes);
        }
    }

    /**
     * Requests of one kind.
     *
     * @param by {@code host}, which is the JVM, {@code kernel} or {@code other}
     * @param operation {@code read}, {@code write}, {@code flush} or {@code other}
     * @param sequential how many began where the request before had ended
     */
    public record Use(String by, String operation, long requests, long bytes, long queueNs, long deviceNs,
        long maxDeviceNs, long sequential) {
    }

    /** How long requests were in the device, whoever sent them; null where there was none. */
    public record Times(String operation, long count, Long p50, Long p90, Long p99, Long p999, Long max) {
    }
}
