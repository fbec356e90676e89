package io.bpfagent.it.guest;

import io.bpfagent.it.HostCommand;
import io.bpfagent.it.HostJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Copies of jars and workloads that every user can read, wherever the checkout is. */
final class PublicFiles {
    private static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final Path WORKLOADS = Path.of("io/bpfagent/workload");

    private final Path directory;

    /** In this directory, which becomes readable by everybody. */
    PublicFiles(Path directory) {
        this.directory = directory;
        try {
            Files.copy(HostJvm.agentJar(), agentJar());
            Files.copy(HostJvm.cliJar(), cliJar());
            Path workloads = Files.createDirectories(classes().resolve(WORKLOADS));
            for (Path file : list(HostJvm.testClasses().resolve(WORKLOADS))) {
                Files.copy(file, workloads.resolve(file.getFileName()));
            }
            for (Path path : walk(directory)) {
                Files.setPosixFilePermissions(path, READABLE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path directory() {
        return directory;
    }

    Path agentJar() {
        return directory.resolve("bpf-agent.jar");
    }

    Path cliJar() {
        return directory.resolve("attach-cli.jar");
    }

    private Path classes() {
        return directory.resolve("classes");
    }

    /** Lets the host find the workloads here. */
    HostCommand workloadsFor(HostCommand host) {
        return host.classPath(classes());
    }

    private static List<Path> list(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.toList();
        }
    }

    private static List<Path> walk(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            return files.toList();
        }
    }
}
