package io.bpfagent.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A group of cgroup v2 that a test makes for itself, in a mount of its own: there is that hierarchy beside those of
 * version 1 too, then as a rule without controllers. Close it after its processes have ended.
 */
public final class UnifiedCgroup implements AutoCloseable {
    private static final Duration EMPTY_WITHIN = Duration.ofSeconds(60);

    private final Path mount;
    private final Path group;

    /** Mounts it at a directory that does not exist yet, and makes a group of this name. */
    public UnifiedCgroup(Path mount, String name) {
        try {
            this.mount = Files.createDirectory(mount);
            Tools.run("mount", "-t", "cgroup2", "bpf-agent-it", mount.toString());
            this.group = mount.resolve(name);
            try {
                Files.createDirectory(group);
            } catch (IOException e) {
                unmount();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Moves a process into it. */
    public void add(long pid) {
        try {
            Files.writeString(group.resolve("cgroup.procs"), Long.toString(pid));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether groups of it can have this controller; else version 1 has it, or nobody. */
    public boolean has(String controller) {
        try {
            return List.of(Files.readString(group.resolve("cgroup.controllers")).strip().split(" "))
                    .contains(controller);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void unmount() throws IOException {
        Tools.run("umount", mount.toString());
        Files.delete(mount);
    }

    /** Removes it once it is empty. */
    @Override
    public void close() {
        try {
            Await.until(EMPTY_WITHIN, () -> group + " empty", () -> {
                try {
                    Files.delete(group);
                    return true;
                } catch (IOException e) {
                    return false;
                }
            });
            unmount();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
