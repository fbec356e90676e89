package io.bpfagent.it.latencies;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bpfagent.it.ControlClient;
import io.bpfagent.it.HostJvm;
import java.util.Map;
import java.util.TreeMap;

/** One disk of a {@code disks} document, read: by who has sent requests, and which. */
public record DiskReport(Map<String, Long> requests, Map<String, Long> bytes) {

    /** Of the disk of that name as of the last snapshot; empty if nobody has used it yet. */
    public static DiskReport of(HostJvm host, String disk) {
        DiskReport report = new DiskReport(new TreeMap<>(), new TreeMap<>());
        JsonObject document = host.control().get(ControlClient.request("disks"));
        for (JsonElement one : document.getAsJsonArray("disks")) {
            if (one.getAsJsonObject().get("name").getAsString().equals(disk)) {
                one.getAsJsonObject().getAsJsonArray("uses").forEach(use -> report.add(use.getAsJsonObject()));
            }
        }
        return report;
    }

    private void add(JsonObject use) {
        String key = key(use.get("by").getAsString(), use.get("operation").getAsString());
        requests.merge(key, use.get("requests").getAsLong(), Long::sum);
        bytes.merge(key, use.get("bytes").getAsLong(), Long::sum);
    }

    private static String key(String by, String operation) {
        return by + " " + operation;
    }

    /** What was added since {@code earlier}. */
    public DiskReport minus(DiskReport earlier) {
        DiskReport difference = new DiskReport(new TreeMap<>(requests), new TreeMap<>(bytes));
        earlier.requests.forEach((key, number) -> difference.requests.merge(key, -number, Long::sum));
        earlier.bytes.forEach((key, number) -> difference.bytes.merge(key, -number, Long::sum));
        return difference;
    }

    /** Requests of {@code host}, {@code kernel} or {@code other}. */
    public long requests(String by, String operation) {
        return requests.getOrDefault(key(by, operation), 0L);
    }

    /** Requests of everybody. */
    public long requests(String operation) {
        return ofAll(requests, operation);
    }

    /** Bytes of {@code host}, {@code kernel} or {@code other}. */
    public long bytes(String by, String operation) {
        return bytes.getOrDefault(key(by, operation), 0L);
    }

    /** Bytes of everybody. */
    public long bytes(String operation) {
        return ofAll(bytes, operation);
    }

    private static long ofAll(Map<String, Long> numbers, String operation) {
        return numbers.entrySet().stream().filter(entry -> entry.getKey().endsWith(" " + operation))
                .mapToLong(Map.Entry::getValue).sum();
    }
}
