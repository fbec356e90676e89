package io.bpfagent.export;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;

/** Makes jars of extensions: compiled here, because no loader but the extension's own may have their classes. */
final class ExtensionJars {
    private static final String SERVICE = "META-INF/services/io.bpfagent.extension.ExtensionFactory";

    private ExtensionJars() {}

    /** An extension whose methods do this, and otherwise nothing; it counts its snapshots in {@code seen}. */
    static Path jar(Path directory, String name, String onOpen, String onUpdate) throws IOException {
        return jar(directory, name, "1", true, onOpen, onUpdate);
    }

    /** The same with this schema in its manifest (null: none), and with or without a service. */
    static Path jar(Path directory, String name, String schema, boolean service, String onOpen, String onUpdate)
            throws IOException {
        Path classes = Files.createTempDirectory(directory, "classes");
        Path source = Files.createDirectories(classes.resolve("sample")).resolve("Sample.java");
        Files.writeString(source, """
                package sample;

                import io.bpfagent.correlation.Snapshot;
                import io.bpfagent.extension.*;

                public final class Sample implements ExtensionFactory, Extension {
                    private ExtensionHost host;
                    private volatile long seen;

                    @Override
                    public Extension open(ExtensionHost host) throws ExtensionException {
                        this.host = host;
                        %s
                        return this;
                    }

                    @Override
                    public void update(Snapshot snapshot) {
                        seen++;
                        %s
                    }

                    @Override
                    public Note note() {
                        return new Note(true, "seen " + seen + " of " + host.version());
                    }

                    @Override
                    public void close() {
                        System.setProperty("sample.closed", "after " + seen);
                    }
                }
                """.formatted(onOpen, onUpdate));
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, errors, "--release", "17", "-cp",
                System.getProperty("java.class.path"), source.toString());
        assertTrue(result == 0, errors::toString);
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (schema != null) {
            manifest.getMainAttributes().putValue("Bpf-Agent-Extension", schema);
        }
        Path jar = directory.resolve(name);
        try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out =
                new JarOutputStream(file, manifest)) {
            if (service) {
                out.putNextEntry(new ZipEntry(SERVICE));
                out.write("sample.Sample\n".getBytes(StandardCharsets.UTF_8));
            }
            for (Path compiled : classFiles(classes)) {
                out.putNextEntry(new ZipEntry(classes.relativize(compiled).toString()));
                Files.copy(compiled, out);
            }
        }
        return jar;
    }

    private static List<Path> classFiles(Path classes) throws IOException {
        try (Stream<Path> files = Files.walk(classes)) {
            return files.filter(file -> file.toString().endsWith(".class")).toList();
        }
    }
}
