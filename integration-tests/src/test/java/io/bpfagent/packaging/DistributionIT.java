package io.bpfagent.packaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive that is handed out: unpacked into a directory with a blank, and used from there. */
class DistributionIT {
    private static final Path CLI = Path.of(System.getProperty("cli.jar"));
    private static final Path JDK = Path.of(System.getProperty("java.home"));
    private static final long PATIENCE_S = 60;
    /** What they are called in their notices, where that is something else. */
    private static final Map<String, String> LIBRARIES = Map.of("libjffi", "jffi", "libz", "zlib", "libzstd",
            "zstandard");

    @TempDir
    static Path directory;
    private static Path root;

    /** What a command printed. */
    private record Outcome(int exitCode, String out, String err) {}

    @BeforeAll
    static void unpack() throws Exception {
        Path archive;
        try (Stream<Path> files = Files.list(CLI.toRealPath().getParent())) {
            List<Path> archives = files.filter(file -> file.getFileName().toString()
                    .matches("bpf-agent-.*-linux\\.tar\\.gz"))
                    .toList();
            assertEquals(1, archives.size(), archives::toString);
            archive = archives.get(0);
        }
        Path place = Files.createDirectory(directory.resolve("a place with blanks"));
        assertEquals(new Outcome(0, "", ""), run(place, Map.of(), "tar", "-xzf", archive.toString()));
        root = place.resolve(archive.getFileName().toString().replace(".tar.gz", ""));
    }

    private static Outcome run(Path where, Map<String, String> environment, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).directory(where.toFile());
        builder.environment().keySet().removeAll(Set.of("JAVA_HOME", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS",
                "NO_COLOR"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        // Neither stream ever has more than a pipe holds.
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(PATIENCE_S, TimeUnit.SECONDS));
        return new Outcome(process.exitValue(), out, err);
    }

    private static Map<String, String> withJava() {
        return Map.of("JAVA_HOME", JDK.toString());
    }

    private static String launcher() {
        return root.resolve("bin/attach-cli").toString();
    }

    /** A directory that has the commands which the launcher needs, and no java. */
    private static Path withoutJava() throws IOException {
        Path bin = directory.resolve("bin without java");
        if (!Files.exists(bin)) {
            Files.createDirectory(bin);
            for (String command : List.of("sh", "readlink", "dirname", "sed")) {
                Path found = Stream.of("/bin", "/usr/bin").map(place -> Path.of(place, command))
                        .filter(Files::isExecutable)
                        .findFirst().orElseThrow();
                Files.createSymbolicLink(bin.resolve(command), found);
            }
        }
        return bin;
    }

    @Test
    void runsFromAnyDirectoryWithBlanksAndByLinks() throws Exception {
        Outcome direct = run(directory, withJava(), launcher(), "--version");
        assertTrue(direct.out().matches("attach-cli \\d+\\.\\d+\\.\\d+.*\n"), direct::toString);
        assertEquals(0, direct.exitCode());
        Path link = Files.createSymbolicLink(directory.resolve("linked cli"), root.resolve("bin/attach-cli"));
        Path second = Files.createSymbolicLink(directory.resolve("twice"), Path.of("linked cli"));
        assertEquals(direct, run(Path.of("/"), withJava(), link.toString(), "--version"));
        assertEquals(direct, run(directory, withJava(), "./twice", "--version"));
        assertEquals(direct, run(directory, Map.of("PATH", JDK.resolve("bin") + ":" + System.getenv("PATH")),
                second.toString(), "--version"));
        Outcome list = run(directory, withJava(), launcher(), "list", "--format", "json");
        assertTrue(list.out().startsWith("{\"schema\":1,"), list::toString);
    }

    @Test
    void saysWhichJavaItWants() throws Exception {
        String end = ". Set JAVA_HOME to a JDK of release 17 or later. See TROUBLESHOOTING.md, ";
        Map<String, String> nothing = Map.of("PATH", withoutJava().toString());
        assertEquals(new Outcome(1, "",
                "attach-cli: Cannot find Java (JAVA_HOME is not set, and the PATH has no java)" + end
                + "\"Cannot find Java\".\n"), run(directory, nothing, launcher(), "list"));
        assertEquals(new Outcome(1, "", "attach-cli: Cannot find Java (JAVA_HOME=/no where has no bin/java)" + end
                + "\"Cannot find Java\".\n"), run(directory, Map.of("JAVA_HOME", "/no where"), launcher(), "list"));
        for (String version : List.of("1.8.0_402", "11.0.22", "16")) {
            Path old = Files.createDirectories(directory.resolve("jdk " + version));
            Path java = executable(old.resolve("bin/java"), "echo this must not run >&2");
            Files.writeString(old.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\n");
            assertEquals(new Outcome(1, "", "attach-cli: This Java is too old (" + java + " is " + version + ")" + end
                    + "\"This Java is too old\".\n"),
                    run(directory, Map.of("JAVA_HOME", old.toString()), launcher(), "list"));
        }
        // One that has no such file is asked itself.
        Path old = Files.createDirectories(directory.resolve("jre"));
        Path java = executable(old.resolve("bin/java"), "echo 'openjdk version \"1.8.0_402\"' >&2");
        assertEquals(new Outcome(1, "", "attach-cli: This Java is too old (" + java + " is 1.8.0_402)" + end
                + "\"This Java is too old\".\n"), run(directory, Map.of("JAVA_HOME", old.toString()), launcher(),
                "list"));
    }

    private static Path executable(Path file, String command) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + command + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void saysThatItWasTakenOutOfItsPlace() throws Exception {
        Path alone = Files.createDirectories(directory.resolve("alone/bin")).resolve("attach-cli");
        Files.copy(root.resolve("bin/attach-cli"), alone, StandardCopyOption.COPY_ATTRIBUTES);
        Outcome outcome = run(directory, withJava(), alone.toString(), "list");
        assertTrue(outcome.err().matches("attach-cli: Cannot find attach-cli\\.jar \\(.*\\)\\. .*\n"),
                outcome::toString);
        assertEquals(1, outcome.exitCode());
    }

    @Test
    void isColouredOnATerminalOnlyAndNotWithNoColor() throws Exception {
        String command = "'" + launcher() + "' --help";
        String escape = "\u001b[";
        assertFalse(run(directory, withJava(), launcher(), "--help").out().contains(escape));
        Map<String, String> onTerminal = Map.of("JAVA_HOME", JDK.toString(), "TERM", "xterm");
        Outcome coloured = run(directory, onTerminal, "script", "-qec", command, "/dev/null");
        assertTrue(coloured.out().contains(escape), coloured::toString);
        Map<String, String> withoutColour = Map.of("JAVA_HOME", JDK.toString(), "TERM", "xterm", "NO_COLOR", "1");
        assertFalse(run(directory, withoutColour, "script", "-qec", command, "/dev/null").out().contains(escape));
    }

    @Test
    void carriesTheJarsOfThisBuild() throws IOException {
        assertArrayEquals(Files.readAllBytes(CLI), Files.readAllBytes(root.resolve("lib/attach-cli.jar")));
        assertArrayEquals(Files.readAllBytes(Path.of(System.getProperty("agent.jar"))),
                Files.readAllBytes(root.resolve("lib/bpf-agent.jar")));
    }

    @Test
    void hasManualCompletionAndDocuments() throws IOException {
        for (String file : List.of("README.md", "TROUBLESHOOTING.md", "CHANGELOG.md", "LICENSE", "docs/json.md",
                "lib/bpf-agent-api.jar", "lib/bpf-agent-otlp.jar", "licenses/NOTICE.bpf-agent-otlp.jar",
                "man/man1/attach-cli.1", "man/man1/attach-cli-probe-add.1", "completion/bash/attach-cli",
                "completion/zsh/_attach-cli", "licenses/GPL-2.0-only.txt", "licenses/LGPL-3.0.txt")) {
            assertTrue(Files.size(root.resolve(file)) > 0, file);
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.toList()) {
                boolean runs = Files.isDirectory(file) || file.endsWith("bin/attach-cli");
                assertEquals(runs ? "rwxr-xr-x" : "rw-r--r--", PosixFilePermissions.toString(Files
                        .getPosixFilePermissions(file)),
                        file::toString);
            }
        }
    }

    @Test
    void whateverIsCarriedHasItsNotice() throws IOException {
        for (String jar : List.of("attach-cli.jar", "bpf-agent.jar", "bpf-agent-otlp.jar")) {
            String notice = Files.readString(root.resolve("licenses/NOTICE." + jar)).toLowerCase(Locale.ROOT);
            Set<String> unnamed = new TreeSet<>();
            for (String name : foreign(root.resolve("lib").resolve(jar))) {
                if (Stream.of(name.split("[/.-]")).noneMatch(part -> part.length() > 3 && notice.contains(part))) {
                    unnamed.add(name);
                }
            }
            assertEquals(Set.of(), unnamed, () -> "no notice in NOTICE of " + jar);
        }
    }

    /** The packages and libraries in a jar that are not the project's own, in lower case. */
    private static Set<String> foreign(Path file) throws IOException {
        List<String> names = new ArrayList<>();
        try (JarFile jar = new JarFile(file.toFile())) {
            jar.stream().map(JarEntry::getName).forEach(names::add);
        }
        return names.stream().map(name -> name.replaceFirst("^META-INF/bpf-agent/(agent|natives)/", ""))
                .filter(name -> name.endsWith(".class") && name.contains("/") && !name.startsWith("io/bpfagent/")
                        && !name.startsWith("META-INF/") || name.endsWith(".so") || name.endsWith(".so.1"))
                .map(name -> name.endsWith(".class") ? name.substring(0, name.lastIndexOf('/'))
                        : name.substring(name.lastIndexOf('/') + 1).replaceFirst("[-.].*", ""))
                .map(name -> LIBRARIES.getOrDefault(name, name)).map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
