package io.bpfagent.kernel;

import com.kenai.jffi.Init;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** jffi's library from its own jar, since the agent's is put together only after the tests. */
final class Jffi {
    private Jffi() {}

    static void load(Path directory) throws Exception {
        Path file = directory.resolve("libjffi.so");
        try (InputStream in = Init.class.getResourceAsStream("/jni/x86_64-Linux/libjffi-1.2.so")) {
            Files.copy(in, file);
        }
        Init.library(file.toString());
        Init.load();
    }
}
