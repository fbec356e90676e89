package io.bpfagent.it.latencies;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bpfagent.it.ControlClient;
import io.bpfagent.it.HostJvm;
import java.util.Map;
import java.util.TreeMap;

/** A {@code remotes} document, read: the numbers of each remote that are not 0, by their key. */
record RemoteReport(Map<String, Map<String, Long>> remotes) {
    /** As of the last snapshot. */
    static RemoteReport of(HostJvm host) {
        Map<String, Map<String, Long>> remotes = new TreeMap<>();
        JsonObject document = host.control().get(ControlClient.request("remotes"));
        for (JsonElement element : document.getAsJsonArray("remotes")) {
            JsonObject remote = element.getAsJsonObject();
            Map<String, Long> numbers = new TreeMap<>();
            add("", remote, numbers);
            String address = remote.get("address").isJsonNull() ? "others" : remote.get("address").getAsString();
            remotes.put(remote.get("direction").getAsString().equals("incoming") ? "from " + address
                    : "to " + address + " " + remote.get("port").getAsInt(), numbers);
        }
        return new RemoteReport(remotes);
    }

    private static void add(String prefix, JsonObject of, Map<String, Long> numbers) {
        of.entrySet().forEach(entry -> {
            if (entry.getValue().isJsonObject()) {
                add(entry.getKey() + ".", entry.getValue().getAsJsonObject(), numbers);
            } else if (!entry.getKey().equals("port") && !entry.getValue().isJsonNull()
                    && entry.getValue().getAsJsonPrimitive().isNumber() && entry.getValue().getAsLong() != 0) {
                numbers.put(prefix + entry.getKey(), entry.getValue().getAsLong());
            }
        });
    }

    /** Of {@code to ADDRESS PORT} or {@code from ADDRESS}, what is exactly known: neither round trips nor times. */
    Map<String, Long> counts(String remote) {
        Map<String, Long> counts = new TreeMap<>(remotes.getOrDefault(remote, Map.of()));
        counts.keySet().removeIf(key -> key.startsWith("rtt.") || key.endsWith("Ns"));
        return counts;
    }

    /** One number, 0 where there is none. */
    long number(String remote, String key) {
        return remotes.getOrDefault(remote, Map.of()).getOrDefault(key, 0L);
    }
}
