package io.bpfagent.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bpfagent.report.HistogramSelection;
import io.bpfagent.report.JsonDocuments;

/**
 * A request, checked.
 *
 * @param verb      what is asked for
 * @param selection which histograms; all when nothing is said
 * @param interval  whether only the last interval is asked for
 */
record ControlRequest(String verb, HistogramSelection selection, boolean interval) {

    /**
     * Reads a request.
     *
     * @throws IllegalArgumentException with the rule, then the value
     */
    static ControlRequest of(JsonObject json) {
        JsonElement schema = json.get("schema");
        if (schema != null && !schema.toString().equals(Integer.toString(JsonDocuments.SCHEMA))) {
            throw new IllegalArgumentException("schema must be " + JsonDocuments.SCHEMA + ", schema=" + schema);
        }
        String verb = text(json, "verb");
        if (verb == null) {
            throw new IllegalArgumentException("verb must be given, verb=null");
        }
        return new ControlRequest(verb,
                new HistogramSelection(text(json, "metric"), text(json, "pool"), text(json, "thread")),
                flag(json, "interval"));
    }

    private static String text(JsonObject json, String key) {
        JsonElement value = json.get(key);
        if (value == null || value.isJsonNull()) {
            return null;
        }
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
            throw new IllegalArgumentException(key + " must be a string, " + key + "=" + value);
        }
        return value.getAsString();
    }

    private static boolean flag(JsonObject json, String key) {
        JsonElement value = json.get(key);
        if (value == null || value.isJsonNull()) {
            return false;
        }
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isBoolean()) {
            throw new IllegalArgumentException(key + " must be true or false, " + key + "=" + value);
        }
        return value.getAsBoolean();
    }
}
