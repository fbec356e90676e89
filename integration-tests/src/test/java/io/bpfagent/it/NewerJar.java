package io.bpfagent.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/** A jar as a later build would have made it: other texts in its classes, and another version in its manifest. */
public final class NewerJar {
    private static final String MANIFEST = "META-INF/MANIFEST.MF";

    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    private NewerJar() {}

    /** All of that jar. */
    public static NewerJar of(Path file) {
        NewerJar jar = new NewerJar();
        try (JarFile opened = new JarFile(file.toFile())) {
            for (Enumeration<JarEntry> all = opened.entries(); all.hasMoreElements();) {
                JarEntry entry = all.nextElement();
                if (!entry.isDirectory()) {
                    jar.entries.put(entry.getName(), opened.getInputStream(entry).readAllBytes());
                }
            }
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With another version. */
    public NewerJar version(String version) {
        String manifest = new String(entries.get(MANIFEST), StandardCharsets.UTF_8);
        return put(MANIFEST, manifest.replaceFirst("(Implementation-Version: ).*", "$1" + version)
                .getBytes(StandardCharsets.UTF_8));
    }

    /** With a text in a file (a constant in a class) in place of another of the same length. */
    public NewerJar text(String entry, String old, String replacement) {
        byte[] bytes = entries.get(entry);
        byte[] from = old.getBytes(StandardCharsets.ISO_8859_1);
        byte[] to = replacement.getBytes(StandardCharsets.ISO_8859_1);
        for (int at = 0; from.length == to.length && at + from.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + from.length, from, 0, from.length)) {
                byte[] changed = bytes.clone();
                System.arraycopy(to, 0, changed, at, to.length);
                return put(entry, changed);
            }
        }
        throw new AssertionError(entry + " has no " + old);
    }

    /** With this as the content of that entry. */
    public NewerJar put(String entry, byte[] content) {
        entries.put(entry, content);
        return this;
    }

    public byte[] bytes(String entry) {
        return entries.get(entry);
    }

    /** As a file. */
    public Path write(Path file) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (JarOutputStream jar = new JarOutputStream(bytes)) {
                for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                    jar.putNextEntry(new JarEntry(entry.getKey()));
                    jar.write(entry.getValue());
                    jar.closeEntry();
                }
            }
            return Files.write(file, bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
