package io.bpfagent.natives;

import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;

/** The native tier for tests of others: jffi's own library and the build machine's libbpf. */
public final class TestNatives {
    private TestNatives() {}

    /** @param directory an empty one */
    public static NativeTier open(Path directory) throws Exception {
        Path folder = Files.createDirectories(directory.resolve("META-INF/bpf-agent/lib/linux-x86_64"));
        Files.writeString(folder.resolve("index"), "libjffi-1.2.so\n");
        try (InputStream in = NativeTier.class.getResourceAsStream("/jni/x86_64-Linux/libjffi-1.2.so")) {
            Files.copy(in, folder.resolve("libjffi-1.2.so"));
        }
        return NativeTier.openLibraries(new URLClassLoader(new URL[] {directory.toUri().toURL()}, null),
                Files.createDirectories(directory.resolve("tmp")).toString(), "system");
    }
}
