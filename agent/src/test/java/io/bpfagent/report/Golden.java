package io.bpfagent.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Documents as they are to stay, one line each, kept pretty-printed. -DwriteGolden=DIR writes what there would be. */
final class Golden {
    private Golden() {}

    static void assertGolden(String name, String document) throws IOException {
        assertTrue(document.startsWith("{\"schema\":1,"), document);
        assertFalse(document.contains("\n"), "one line");
        String pretty = new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create()
                .toJson(JsonParser.parseString(document)) + "\n";
        String write = System.getProperty("writeGolden");
        if (write != null) {
            Files.writeString(Path.of(write, name), pretty);
            return;
        }
        try (InputStream golden = Golden.class.getResourceAsStream("/golden/" + name)) {
            assertEquals(new String(golden.readAllBytes(), StandardCharsets.UTF_8), pretty, name);
        }
    }
}
