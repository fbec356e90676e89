package io.bpfagent.it.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.stream.StreamSupport;

/** What the command line's own documents say. */
final class CliJson {
    private CliJson() {}

    /** A JVM in the list. */
    static JsonObject listed(Cli list, long pid) {
        assertEquals(0, list.exitCode(), list::toString);
        return entries(list, "jvms").stream().filter(jvm -> jvm.get("pid").getAsLong() == pid).findFirst()
                .orElseThrow(() -> new AssertionError(pid + " is not in " + list));
    }

    /** What doctor has found of a JVM's condition. */
    static JsonObject condition(Cli doctor, String name) {
        return entries(doctor, "conditions").stream()
                .filter(entry -> entry.get("about").getAsString().equals("jvm")
                        && entry.get("condition").getAsString().equals(name))
                .findFirst().orElseThrow(() -> new AssertionError(name + " is not in " + doctor));
    }

    /** The headings of all conditions with that verdict. */
    static List<String> headings(Cli doctor, String verdict) {
        return entries(doctor, "conditions").stream()
                .filter(entry -> entry.get("verdict").getAsString().equals(verdict))
                .map(entry -> entry.get("heading").getAsString()).toList();
    }

    private static List<JsonObject> entries(Cli cli, String key) {
        assertEquals(List.of(), cli.stderr());
        return StreamSupport.stream(JsonParser.parseString(cli.stdout().get(0)).getAsJsonObject().getAsJsonArray(key)
                .spliterator(), false).map(JsonElement::getAsJsonObject).toList();
    }
}
