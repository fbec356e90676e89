package io.bpfagent.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.report.EventSelection;
import io.bpfagent.report.HistogramSelection;
import io.bpfagent.report.JsonDocuments;
import io.bpfagent.report.LatestSelection;

/**
 * A request, checked.
 *
 * @param verb      what is asked for
 * @param selection which histograms, or slow events of what; all when nothing is said
 * @param interval  whether only the last interval is asked for
 * @param latest    which pauses, or slow events; the last 20 when nothing is said
 */
record ControlRequest(String verb, HistogramSelection selection, boolean interval, LatestSelection latest) {
    private static final int LAST = 20;

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
        int kept = verb.equals("events") ? Snapshot.MOST_SLOW_EVENTS : Snapshot.MOST_PAUSES;
        return new ControlRequest(verb,
                new HistogramSelection(text(json, "metric"), text(json, "pool"), text(json, "thread"),
                        text(json, "operation"), text(json, "context")),
                flag(json, "interval"),
                new LatestSelection((int) number(json, "last", LAST, kept),
                        number(json, "minNs", 0, Long.MAX_VALUE),
                        number(json, "after", 0, Long.MAX_VALUE)));
    }

    /** Which slow events. */
    EventSelection events() {
        return new EventSelection(latest, selection.metric(), selection.pool(), selection.thread());
    }

    /** A whole number from 0 to {@code most}, or the default. */
    private static long number(JsonObject json, String key, long byDefault, long most) {
        JsonElement value = json.get(key);
        if (value == null || value.isJsonNull()) {
            return byDefault;
        }
        long number = wholeNumber(value);
        if (number < 0 || number > most) {
            throw new IllegalArgumentException(key + " must be a whole number "
                    + (most == Long.MAX_VALUE ? ">= 0" : "from 0 to " + most) + ", " + key + "=" + value);
        }
        return number;
    }

    /** The number, or -1 for what is none, is not whole, or has too many digits. */
    private static long wholeNumber(JsonElement value) {
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isNumber()) {
            return -1;
        }
        try {
            return Long.parseLong(value.getAsString());
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** A text, or null where there is none. */
    static String text(JsonObject json, String key) {
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
