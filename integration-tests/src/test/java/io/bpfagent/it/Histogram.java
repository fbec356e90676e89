package io.bpfagent.it;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** One histogram of a {@code hist} document, read. */
public record Histogram(JsonObject json) {

    /** Those of the document in its order. */
    public static List<Histogram> all(JsonObject document) {
        List<Histogram> histograms = new ArrayList<>();
        document.getAsJsonArray("histograms").forEach(json -> histograms.add(new Histogram(json.getAsJsonObject())));
        return histograms;
    }

    /** The only one of the document. */
    public static Histogram only(JsonObject document) {
        List<Histogram> all = all(document);
        if (all.size() != 1) {
            throw new AssertionError(all.size() + " histograms in " + document);
        }
        return all.get(0);
    }

    public String metric() {
        return json.get("metric").getAsString();
    }

    /** The VM operation that it is of; null if it is of none alone. */
    public String operation() {
        JsonElement operation = json.get("operation");
        return operation == null || operation.isJsonNull() ? null : operation.getAsString();
    }

    public long count() {
        return json.get("count").getAsLong();
    }

    public long sumNs() {
        return json.get("sum").getAsLong();
    }

    /** How many values each of its buckets has, by the greatest value that falls into it. */
    public SortedMap<Long, Long> buckets() {
        SortedMap<Long, Long> buckets = new TreeMap<>();
        for (JsonElement bucket : json.getAsJsonArray("buckets")) {
            JsonArray pair = bucket.getAsJsonArray();
            buckets.put(pair.get(0).getAsLong(), pair.get(1).getAsLong());
        }
        return buckets;
    }

    /** How many of its values lie in buckets that reach {@code ns} or more; a bucket is 6.25 % wide. */
    public long countFrom(long ns) {
        long count = 0;
        for (JsonElement bucket : json.getAsJsonArray("buckets")) {
            JsonArray pair = bucket.getAsJsonArray();
            count += pair.get(0).getAsLong() >= ns ? pair.get(1).getAsLong() : 0;
        }
        return count;
    }
}
