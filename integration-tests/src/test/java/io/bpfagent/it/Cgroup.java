package io.bpfagent.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A cgroup that a test makes for itself, below the root of whichever version has its controller. Close it after its
 * processes have ended.
 */
public abstract class Cgroup implements AutoCloseable {
    private static final Duration EMPTY_WITHIN = Duration.ofSeconds(60);

    private final Path directory;
    private final boolean v2;

    /**
     * Makes it.
     *
     * @throws AssertionError if this machine lets nobody make one
     */
    protected Cgroup(String controller) {
        try {
            Mount mount = mount(controller);
            v2 = mount.v2;
            if (v2) {
                Files.writeString(mount.root.resolve("cgroup.subtree_control"), "+" + controller);
            }
            directory = Files.createDirectory(mount.root.resolve("bpf-agent-it-" + ProcessHandle.current().pid()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Mount(Path root, boolean v2) {}

    private static Mount mount(String controller) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/mounts"))) {
            String[] words = line.split(" ");
            Path root = Path.of(words[1]);
            if (words[2].equals("cgroup") && List.of(words[3].split(",")).contains(controller)) {
                return new Mount(root, false);
            }
            if (words[2].equals("cgroup2") && List.of(Files.readString(root.resolve("cgroup.controllers")).strip()
                    .split(" ")).contains(controller)) {
                return new Mount(root, true);
            }
        }
        throw new AssertionError("no cgroup on this machine has the controller " + controller);
    }

    /** Moves a process into it; what it has got before stays where it was. */
    public final void add(long pid) {
        write("cgroup.procs", Long.toString(pid));
    }

    protected final boolean isV2() {
        return v2;
    }

    protected final List<String> read(String file) {
        try {
            return Files.readAllLines(directory.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    protected final void write(String file, String text) {
        try {
            Files.writeString(directory.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes it once it is empty. */
    @Override
    public final void close() {
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
