package io.bpfagent.it.guest;

import io.bpfagent.it.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Libraries that claim to be a libbpf of another age, made by clang. */
final class FakeLibbpf {
    private static final String VERSION_FUNCTIONS = """
            unsigned int libbpf_major_version(void) { return 1; }
            unsigned int libbpf_minor_version(void) { return 1; }
            """;
    private final Path directory;

    FakeLibbpf() throws IOException {
        directory = Files.createTempDirectory("fake-libbpf");
        directory.toFile().deleteOnExit();
    }

    /** Has all of libbpf's functions, for it needs the real one, but says that it is 1.1, as in Debian 12. */
    Path older() throws IOException {
        return compile("older", VERSION_FUNCTIONS, "-Wl,--no-as-needed", "-l:libbpf.so.1");
    }

    /** Of before 1.0: without most of the functions. */
    Path ancient() throws IOException {
        return compile("ancient", VERSION_FUNCTIONS.replace("return 1", "return 0"));
    }

    private Path compile(String name, String source, String... options) throws IOException {
        Path c = directory.resolve(name + ".c");
        Path library = directory.resolve("lib" + name + ".so");
        Files.writeString(c, source);
        String[] words = new String[5 + options.length];
        words[0] = "-shared";
        words[1] = "-fPIC";
        words[2] = "-o";
        words[3] = library.toString();
        words[4] = c.toString();
        System.arraycopy(options, 0, words, 5, options.length);
        Tools.run("clang", words);
        c.toFile().deleteOnExit();
        library.toFile().deleteOnExit();
        return library;
    }
}
