package io.bpfagent.bench;

import io.bpfagent.it.HostJvm;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** A jar with {@link EmptyAgent} in it. */
final class EmptyAgentJar {
    private EmptyAgentJar() {}

    /** Makes one in the temporary directory. */
    static Path make() {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", EmptyAgent.class.getName());
        manifest.getMainAttributes().putValue("Agent-Class", EmptyAgent.class.getName());
        String entry = EmptyAgent.class.getName().replace('.', '/') + ".class";
        try {
            Path file = Files.createTempFile("empty-agent", ".jar");
            try (OutputStream out = Files.newOutputStream(file);
                    JarOutputStream jar = new JarOutputStream(out, manifest)) {
                jar.putNextEntry(new ZipEntry(entry));
                jar.write(Files.readAllBytes(HostJvm.testClasses().resolve(entry)));
                jar.closeEntry();
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
