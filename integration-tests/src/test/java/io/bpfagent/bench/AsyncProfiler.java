package io.bpfagent.bench;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import io.bpfagent.it.HostJvm;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/** async-profiler in wall mode, as it is by default: samples of all threads, running or not, by signals. */
final class AsyncProfiler implements Watcher {
    /** As the build names it, among the applications. */
    static final String JAR_NAME = "async-profiler.jar";

    private static final Path JAR = Path.of(System.getProperty("bench.applications", ""), JAR_NAME);
    private static final String ENTRY = (System.getProperty("os.arch").equals("aarch64") ? "linux-arm64" : "linux-x64")
            + "/libasyncProfiler.so";

    private Path library;
    private HostJvm watched;

    @Override
    public String name() {
        return "async-profiler, wall";
    }

    @Override
    public String missing() {
        return Files.exists(JAR) ? null : "the build has not put it beside the applications";
    }

    @Override
    public void start(HostJvm jvm) {
        watched = jvm;
        ask("start,event=wall");
    }

    @Override
    public Set<Integer> programs() {
        return Set.of();
    }

    @Override
    public void stop() {
        try {
            Path profile = Files.createTempFile("bpf-agent-bench", ".collapsed");
            try {
                ask("stop,collapsed,file=" + profile);
                if (Files.size(profile) == 0) {
                    throw new AssertionError("async-profiler has seen nothing");
                }
            } finally {
                Files.delete(profile);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void ask(String command) {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(watched.pid()));
            try {
                machine.loadAgentPath(library().toString(), command);
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException | AgentLoadException | AgentInitializationException | IOException e) {
            throw new AssertionError("async-profiler did not " + command + "\n" + watched.report(), e);
        }
    }

    /** Out of its jar; the same file each time, so that a JVM loads it once. */
    private Path library() throws IOException {
        if (library == null) {
            Path file = Files.createTempFile("libasyncProfiler", ".so");
            try (JarFile jar = new JarFile(JAR.toFile())) {
                ZipEntry entry = jar.getEntry(ENTRY);
                try (InputStream in = jar.getInputStream(entry)) {
                    Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
                }
            }
            library = file;
        }
        return library;
    }
}
