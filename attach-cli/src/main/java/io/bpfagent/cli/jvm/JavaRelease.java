package io.bpfagent.cli.jvm;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** What the file {@code release} of a JVM's own JDK says. */
public final class JavaRelease {

    /** From lib/server/libjvm.so up to where the file is. */
    private static final int LEVELS = 3;
    /** Those of OpenJDK have 2 KiB. */
    private static final long MAX_BYTES = 64 << 10;

    private final Properties properties;

    private JavaRelease(Properties properties) {
        this.properties = properties;
    }

    /** Empty where its mappings are hidden or there is no such file. */
    public static Optional<JavaRelease> of(TargetProcess process) {
        return process.libJvm().map(Path::of).filter(path -> path.getNameCount() > LEVELS)
            .flatMap(path -> read(process.fileOf(path.getParent().getParent().getParent() + "/release")));
    }

    private static Optional<JavaRelease> read(Path file) {
        try {
            // It is the JVM's own, and may be anything.
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
                return Optional.empty();
            }
            Properties properties = new Properties();
            properties.load(new StringReader(Files.readString(file, StandardCharsets.ISO_8859_1)));
            return Optional.of(new JavaRelease(properties));
        } catch (IOException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    /** {@code 17.0.21}. */
    public Optional<String> version() {
        return value("JAVA_VERSION");
    }

    /** The modules of the image; empty where it does not say. */
    public Optional<List<String>> modules() {
        return value("MODULES").map(modules -> List.of(modules.split(" ")));
    }

    private Optional<String> value(String key) {
        return Optional.ofNullable(properties.getProperty(key)).map(text -> text.replace("\"", ""))
            .filter(text -> !text.isBlank());
    }
}
