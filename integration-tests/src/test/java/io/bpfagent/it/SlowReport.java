package io.bpfagent.it;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An {@code events} document, read. */
public record SlowReport(JsonObject json) {
    /** As many events as the agent keeps. */
    public static final int MOST = 1024;

    /**
     * A slow event.
     *
     * @param on    what it waited for, by key
     * @param actor who woke it or had the CPU, by key; empty where it is not known
     */
    public record SlowEntry(long number, String metric, long durationNs, String thread, long tid, long javaId,
            Map<String, String> on, Map<String, String> actor, List<String> stack) {}

    /** How many there have been. */
    public long seen() {
        return json.get("seen").getAsLong();
    }

    /** The same with later events only. */
    public SlowReport after(long number) {
        JsonObject later = json.deepCopy();
        JsonArray events = new JsonArray();
        for (JsonElement event : json.getAsJsonArray("events")) {
            if (event.getAsJsonObject().get("number").getAsLong() > number) {
                events.add(event);
            }
        }
        later.add("events", events);
        return new SlowReport(later);
    }

    /** One loss, zero or not. */
    public long loss(String key) {
        return new Report(json).loss(key);
    }

    /** Oldest first. */
    public List<SlowEntry> events() {
        List<SlowEntry> events = new ArrayList<>();
        for (JsonElement element : json.getAsJsonArray("events")) {
            JsonObject event = element.getAsJsonObject();
            JsonObject thread = event.getAsJsonObject("thread");
            JsonElement actor = event.has("wokenBy") ? event.get("wokenBy") : event.get("behind");
            List<String> stack = new ArrayList<>();
            event.getAsJsonArray("stack").forEach(frame -> stack.add(frame.getAsString()));
            events.add(new SlowEntry(event.get("number").getAsLong(), event.get("metric").getAsString(),
                    event.get("durationNs").getAsLong(), thread.get("name").getAsString(),
                    thread.get("tid").getAsLong(),
                    thread.get("javaId").getAsLong(), texts(event.getAsJsonObject("on")),
                    actor == null || actor.isJsonNull() ? Map.of() : texts(actor.getAsJsonObject()), stack));
        }
        return events;
    }

    /** Those of one thread, oldest first. */
    public List<SlowEntry> of(String thread, String metric) {
        return events().stream().filter(event -> event.thread().equals(thread)
                && event.metric().equals(metric)).toList();
    }

    private static Map<String, String> texts(JsonObject object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.entrySet().forEach(entry -> texts.put(entry.getKey(), entry.getValue().getAsString()));
        return texts;
    }
}
