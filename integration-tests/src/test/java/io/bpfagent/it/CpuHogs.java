package io.bpfagent.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Processes that do nothing but run, at the same priority as all else; the kernel calls each of them "hog". */
public final class CpuHogs implements AutoCloseable {
    public static final String NAME = "hog";
    /** It ends by itself after some 20 s of CPU time, should nobody end it. */
    private static final String SCRIPT = "#!/bin/sh\ni=0\nwhile [ $i -lt 20000000 ]; do i=$((i+1)); done\n";

    private final Path directory;
    private final List<Process> processes = new ArrayList<>();

    /** So many for each CPU. */
    public CpuHogs(int perCpu) {
        try {
            directory = Files.createTempDirectory("bpf-agent-it-");
            Path script = Files.writeString(directory.resolve(NAME), SCRIPT);
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
            for (int i = 0; i < perCpu * Runtime.getRuntime().availableProcessors(); i++) {
                processes.add(new ProcessBuilder(script.toString()).start());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Stream<Long> pids() {
        return processes.stream().map(Process::pid);
    }

    /** Ends them. */
    @Override
    public void close() {
        try {
            for (Process process : processes) {
                process.destroyForcibly().waitFor();
            }
            Files.delete(directory.resolve(NAME));
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
