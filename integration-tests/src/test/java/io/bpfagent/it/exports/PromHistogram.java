package io.bpfagent.it.exports;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * A native histogram as the server has it.
 *
 * @param buckets those that are not empty, in order
 */
public record PromHistogram(double count, double sum, List<Bucket> buckets) {
    /** Values above {@code lower} up to {@code upper}. */
    public record Bucket(double lower, double upper, double count) {}

    /** As the API writes it. */
    static PromHistogram of(JsonObject json) {
        List<Bucket> buckets = new ArrayList<>();
        JsonArray array = json.has("buckets") ? json.getAsJsonArray("buckets") : new JsonArray();
        for (JsonElement element : array) {
            // What bounds belong to it, the bounds, how many.
            JsonArray bucket = element.getAsJsonArray();
            buckets.add(new Bucket(Double.parseDouble(bucket.get(1).getAsString()),
                    Double.parseDouble(bucket.get(2).getAsString()), Double.parseDouble(bucket.get(3).getAsString())));
        }
        return new PromHistogram(Double.parseDouble(json.get("count").getAsString()),
                Double.parseDouble(json.get("sum").getAsString()), buckets);
    }
}
