package io.bpfagent.cli.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Map;

/** A pause or slow event without the numbers that are 0, as which whoever reads takes what is not there. */
final class Lean {

    private Lean() {
    }

    static String of(JsonObject document) {
        return lean(document).toString();
    }

    private static JsonElement lean(JsonElement element) {
        if (element.isJsonObject()) {
            JsonObject lean = new JsonObject();
            for (Map.Entry<String, JsonElement> entry : element.getAsJsonObject().entrySet()) {
                if (!isNothing(entry.getValue())) {
                    lean.add(entry.getKey(), lean(entry.getValue()));
                }
            }
            return lean;
        }
        if (element.isJsonArray()) {
            JsonArray lean = new JsonArray();
            element.getAsJsonArray().forEach(item -> lean.add(lean(item)));
            return lean;
        }
        return element;
    }

    private static boolean isNothing(JsonElement value) {
        return value.isJsonNull() || value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber()
            && "0".equals(value.getAsString());
    }
}
