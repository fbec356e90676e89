package io.bpfagent.it;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A {@code threads} document, read. All times in ns. */
public record Report(JsonObject json) {

    /**
     * A live thread.
     *
     * @param timesNs by metric, all of them
     * @param counts  what the kernel counts of it
     */
    public record ThreadReport(int tid, long javaId, String name, String pool, String kind, String state, long wallNs,
            Map<String, Long> timesNs, Counts counts) {
        /** The time in one state. */
        public long timeNs(String metric) {
            return timesNs.get(metric);
        }
    }

    /**
     * A pool.
     *
     * @param timesNs by metric, all of them
     * @param counts  what the kernel counts of its threads
     */
    public record PoolReport(String pool, int threads, long ended, Map<String, Long> timesNs, Counts counts) {
        /** The time in one state. */
        public long timeNs(String metric) {
            return timesNs.get(metric);
        }

        /** In all states. */
        public long wallNs() {
            return sum(timesNs);
        }
    }

    /** Of a thread or a pool; waitedNs by who had the CPU. */
    public record Counts(Map<String, Long> waitedNs, long migrations, long minorFaults, long majorFaults) {
        static Counts of(JsonObject json) {
            return new Counts(numbers(json.getAsJsonObject("waitedNs")), json.get("migrations").getAsLong(),
                    json.get("minorFaults").getAsLong(), json.get("majorFaults").getAsLong());
        }
    }

    /** Since the agent began. */
    public long wallNs() {
        return json.get("wallNs").getAsLong();
    }

    /** All live threads. */
    public List<ThreadReport> threads() {
        return objects("threads").stream().map(thread -> new ThreadReport(thread.get("tid").getAsInt(),
                thread.get("javaId").getAsLong(), thread.get("name").getAsString(), thread.get("pool").getAsString(),
                thread.get("kind").getAsString(), thread.get("state").getAsString(), thread.get("wallNs").getAsLong(),
                numbers(thread.getAsJsonObject("timesNs")), Counts.of(thread))).toList();
    }

    /** The live threads whose names begin so. */
    public List<ThreadReport> threads(String begin) {
        return threads().stream().filter(thread -> thread.name().startsWith(begin)).toList();
    }

    /** The one live thread of that name. */
    public ThreadReport thread(String name) {
        List<ThreadReport> named = threads().stream().filter(thread -> thread.name().equals(name)).toList();
        if (named.size() != 1) {
            throw new AssertionError(named.size() + " threads are called " + name + " among "
                    + threads().stream().map(ThreadReport::name).toList());
        }
        return named.get(0);
    }

    /** All pools by name. */
    public Map<String, PoolReport> pools() {
        return objects("pools").stream().map(pool -> new PoolReport(pool.get("pool").getAsString(),
                pool.get("threads").getAsInt(), pool.get("ended").getAsLong(), numbers(pool.getAsJsonObject("timesNs")),
                Counts.of(pool)))
                .collect(Collectors.toMap(PoolReport::pool, pool -> pool));
    }

    /** The pool of that name, which must exist. */
    public PoolReport pool(String name) {
        Map<String, PoolReport> pools = pools();
        if (!pools.containsKey(name)) {
            throw new AssertionError("no pool " + name + " among " + pools.keySet());
        }
        return pools.get(name);
    }

    /** Every loss that is not zero, by key. */
    public Map<String, Long> losses() {
        Map<String, Long> losses = numbers(json.getAsJsonObject("losses"));
        losses.values().removeIf(value -> value == 0);
        return losses;
    }

    /** One loss, zero or not. */
    public long loss(String key) {
        return json.getAsJsonObject("losses").get(key).getAsLong();
    }

    /** Of all values. */
    public static long sum(Map<String, Long> numbers) {
        return numbers.values().stream().mapToLong(Long::longValue).sum();
    }

    private List<JsonObject> objects(String key) {
        return StreamSupport.stream(json.getAsJsonArray(key).spliterator(), false).map(JsonElement::getAsJsonObject)
                .toList();
    }

    static Map<String, Long> numbers(JsonObject object) {
        return object.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().getAsLong()));
    }
}
