package io.bpfagent.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A CPU cgroup that a test makes for itself, below the root of whichever version has the controller. Close it after its
 * processes have ended.
 */
public final class CpuCgroup implements AutoCloseable {
    private static final Duration EMPTY_WITHIN = Duration.ofSeconds(10);
    private static final long PERIOD_US = 100_000;

    private final Path directory;
    private final boolean v2;

    private CpuCgroup(Path directory, boolean v2) {
        this.directory = directory;
        this.v2 = v2;
    }

    /** @throws AssertionError if this machine lets nobody make one */
    public static CpuCgroup create() {
        try {
            String name = "bpf-agent-it-" + ProcessHandle.current().pid();
            for (String mount : Files.readAllLines(Path.of("/proc/mounts"))) {
                String[] words = mount.split(" ");
                Path root = Path.of(words[1]);
                if (words[2].equals("cgroup") && List.of(words[3].split(",")).contains("cpu")) {
                    return new CpuCgroup(Files.createDirectory(root.resolve(name)), false);
                }
                if (words[2].equals("cgroup2") && hasCpu(root)) {
                    Files.writeString(root.resolve("cgroup.subtree_control"), "+cpu");
                    return new CpuCgroup(Files.createDirectory(root.resolve(name)), true);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("no CPU cgroup on this machine");
    }

    private static boolean hasCpu(Path root) throws IOException {
        return List.of(Files.readString(root.resolve("cgroup.controllers")).strip().split(" ")).contains("cpu");
    }

    /** Moves a process into it. */
    public void add(long pid) {
        write("cgroup.procs", Long.toString(pid));
    }

    /** From now on its processes have the CPUs before all others, and compete only among themselves. */
    public void prefer() {
        write(v2 ? "cpu.weight" : "cpu.shares", v2 ? "10000" : "262144");
    }

    /** From now on its processes together run at most so much of the time of one CPU. */
    public void limitTo(int percentOfOneCpu) {
        long quotaUs = PERIOD_US * percentOfOneCpu / 100;
        if (v2) {
            write("cpu.max", quotaUs + " " + PERIOD_US);
        } else {
            write("cpu.cfs_period_us", Long.toString(PERIOD_US));
            write("cpu.cfs_quota_us", Long.toString(quotaUs));
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
