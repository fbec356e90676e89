package io.bpfagent.it.guest;

import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A JDK of links to another one, but for its libjvm, which has lost the section that lists its USDT probes. */
final class NotelessJdk implements AutoCloseable {
    private static final Path SERVER = Path.of("lib/server");

    private final Jdk jdk;

    NotelessJdk(Jdk original) throws IOException {
        Path home = Files.createTempDirectory("jdk-without-notes");
        jdk = new Jdk(original.release(), home);
        linkAll(original.home(), home, "lib", "bin");
        linkAll(original.home().resolve("lib"), home.resolve("lib"), "server");
        linkAll(original.home().resolve(SERVER), home.resolve(SERVER), "libjvm.so");
        // The launcher finds its JVM from where it stands itself, links followed.
        Files.createDirectory(home.resolve("bin"));
        Files.copy(original.java(), jdk.java());
        Tools.run("objcopy", "--remove-section", ".note.stapsdt",
                original.home().resolve(SERVER).resolve("libjvm.so").toString(),
                home.resolve(SERVER).resolve("libjvm.so").toString());
    }

    Jdk jdk() {
        return jdk;
    }

    private static void linkAll(Path from, Path to, String... without) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : entries.toList()) {
                String name = entry.getFileName().toString();
                if (Stream.of(without).noneMatch(name::equals)) {
                    Files.createSymbolicLink(to.resolve(name), entry);
                }
            }
        }
    }

    /** Deletes the links, not what they point to. */
    @Override
    public void close() {
        try (Stream<Path> all = Files.walk(jdk.home())) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
