package io.bpfagent.cli.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bpfagent.cli.GoldenFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The examples of docs/json.md are documents, with the keys of the golden files. */
class JsonPageTest {

    private static final Path PAGE = Path.of("../docs/json.md");

    private static JsonObject example(String heading) throws IOException {
        return JsonParser.parseString(block(heading)).getAsJsonObject();
    }

    /** The first example below a heading. */
    private static String block(String heading) throws IOException {
        String page = Files.readString(PAGE);
        String section = page.substring(page.indexOf("\n## " + heading + "\n"));
        return section.split("```json\n", 2)[1].split("```", 2)[0];
    }

    /** Every path of keys in a document; the items of an array together. */
    private static Set<String> keys(JsonElement element) {
        if (element.isJsonArray()) {
            return element.getAsJsonArray().asList().stream().flatMap(item -> keys(item).stream())
                .collect(Collectors.toSet());
        }
        if (!element.isJsonObject()) {
            return Set.of("");
        }
        return element.getAsJsonObject().entrySet().stream()
            .flatMap(entry -> keys(entry.getValue()).stream().map(key -> "/" + entry.getKey() + key))
            .collect(Collectors.toSet());
    }

    @Test
    void examplesHaveTheKeysOfTheDocuments() throws IOException {
        for (String verb : new String[] {"threads", "hist", "pauses", "disks", "events", "remotes", "status", "list",
            "doctor", "probe", "probes", "probe-search", "contexts"}) {
            JsonObject golden = JsonParser.parseString(GoldenFiles.read(verb + ".json")).getAsJsonObject();
            assertEquals(keys(golden), keys(example(verb)), verb);
        }
    }

    @Test
    void everyExampleBeginsWithTheSchema() throws IOException {
        Matcher examples = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        int found = 0;
        while (examples.find()) {
            for (String document : examples.group(1).split("\n(?=\\{)")) {
                assertTrue(document.startsWith("{\"schema\":1,"), document);
                assertTrue(JsonParser.parseString(document).isJsonObject(), document);
                found++;
            }
        }
        assertEquals(23, found);
    }

    @Test
    void theRequestsAreThoseOfThePage() throws IOException {
        String[] lines = block("The control channel").strip().split("\n");
        assertEquals(JsonParser.parseString(lines[0]),
            JsonParser.parseString(Request.hist("runnable", null, null, null, false).toJson()));
        assertEquals(JsonParser.parseString(lines[1]),
            JsonParser.parseString(Request.pauses(20, 10_000_000, 17).toJson()));
        assertEquals(JsonParser.parseString(lines[2]),
            JsonParser.parseString(Request.events(20, 0, 0, "block_io", null, null).toJson()));
    }

    @Test
    void everyLossIsExplained() throws IOException {
        String page = Files.readString(PAGE);
        for (String loss : example("status").getAsJsonObject("losses").keySet()) {
            assertTrue(page.contains("| `" + loss + "` |"), loss);
        }
    }
}
