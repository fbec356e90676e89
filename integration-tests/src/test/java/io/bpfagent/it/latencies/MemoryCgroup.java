package io.bpfagent.it.latencies;

import io.bpfagent.it.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A memory cgroup that a test makes for itself, below the root of whichever version has the controller. Close it after
 * its processes have ended.
 */
final class MemoryCgroup implements AutoCloseable {
    private static final Duration EMPTY_WITHIN = Duration.ofSeconds(10);

    private final Path directory;
    private final boolean v2;

    private MemoryCgroup(Path directory, boolean v2) {
        this.directory = directory;
        this.v2 = v2;
    }

    /** @throws AssertionError if this machine lets nobody make one */
    static MemoryCgroup create() {
        try {
            String name = "bpf-agent-it-" + ProcessHandle.current().pid();
            for (String mount : Files.readAllLines(Path.of("/proc/mounts"))) {
                String[] words = mount.split(" ");
                Path root = Path.of(words[1]);
                if (words[2].equals("cgroup") && List.of(words[3].split(",")).contains("memory")) {
                    return new MemoryCgroup(Files.createDirectory(root.resolve(name)), false);
                }
                if (words[2].equals("cgroup2") && hasMemory(root)) {
                    Files.writeString(root.resolve("cgroup.subtree_control"), "+memory");
                    return new MemoryCgroup(Files.createDirectory(root.resolve(name)), true);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("no memory cgroup on this machine");
    }

    private static boolean hasMemory(Path root) throws IOException {
        return List.of(Files.readString(root.resolve("cgroup.controllers")).strip().split(" ")).contains("memory");
    }

    /** Moves a process into it; the memory that it has got before stays where it was. */
    void add(long pid) {
        write("cgroup.procs", Long.toString(pid));
    }

    /** From now on its processes together get at most so much, their page cache included. */
    void limitTo(long bytes) {
        write(v2 ? "memory.max" : "memory.limit_in_bytes", Long.toString(bytes));
    }

    /** How often its processes met that limit. */
    long limitsMet() {
        try {
            if (!v2) {
                return Long.parseLong(Files.readString(directory.resolve("memory.failcnt")).strip());
            }
            for (String line : Files.readAllLines(directory.resolve("memory.events"))) {
                if (line.startsWith("max ")) {
                    return Long.parseLong(line.substring(4));
                }
            }
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String file, String text) {
        try {
            Files.writeString(directory.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes it once it is empty. */
    @Override
    public void close() {
        Await.until(EMPTY_WITHIN, () -> directory + " empty", () -> {
            try {
                Files.delete(directory);
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }
}
