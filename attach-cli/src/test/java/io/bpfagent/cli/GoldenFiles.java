package io.bpfagent.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The documents and texts under src/test/resources/golden; they are kept for ever. */
public final class GoldenFiles {

    private GoldenFiles() {
    }

    /** The whole file. */
    public static String read(String name) {
        try (InputStream file = GoldenFiles.class.getResourceAsStream("/golden/" + name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
