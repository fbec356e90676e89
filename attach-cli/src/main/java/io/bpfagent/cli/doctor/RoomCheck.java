package io.bpfagent.cli.doctor;

import io.bpfagent.cli.jvm.FlagFinder;
import io.bpfagent.cli.jvm.TargetProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What room a JVM has for the agent: memory, and directories for the moment of loading. */
final class RoomCheck {

    /** The maps with their defaults; less is not enough. */
    private static final long MAPS_BYTES = 8 << 20;
    /** What a JVM grows by, and the maps. */
    private static final long ALL_BYTES = 32 << 20;
    /** The jar, 5 MB. */
    private static final long JAR_BYTES = 6 << 20;
    /** The libraries. */
    private static final long LIBRARIES_BYTES = 2 << 20;
    private static final String LOCKED = "Max locked memory";
    private static final int OTHERS_WRITE = 0002;
    private static final int GROUP_WRITE = 0020;
    private static final int OWNER_WRITE = 0200;

    private final Path proc;

    RoomCheck(Path proc) {
        this.proc = proc;
    }

    List<Finding> findings(TargetProcess process) {
        MountTable mounts = MountTable.of(process.procDirectory());
        return List.of(locked(process), memory(process), tmp(process, mounts), tmpdir(process, mounts));
    }

    /** RLIMIT_MEMLOCK limited BPF up to Linux 5.10, which the agent does not run on. */
    private static Finding locked(TargetProcess process) {
        String limit = "unknown";
        try {
            for (String line : Files.readAllLines(process.procDirectory().resolve("limits"),
                StandardCharsets.ISO_8859_1)) {
                if (line.startsWith(LOCKED)) {
                    limit = line.substring(LOCKED.length()).strip().split("\\s+")[0];
                }
            }
        } catch (IOException hidden) {
            // of another user's process; it does not matter
        }
        return Finding.ok(Condition.LOCKED_MEMORY, (limit.matches("[0-9]{1,18}") ? bytes(Long.parseLong(limit)) : limit)
            + ": since Linux 5.11 the cgroup counts instead");
    }

    private Finding memory(TargetProcess process) {
        OptionalLong left = new CgroupMemory(proc).left(process.procDirectory());
        if (left.isEmpty()) {
            return Finding.ok(Condition.MEMORY, "not limited");
        }
        long bytes = left.getAsLong();
        return Finding.of(Condition.MEMORY, bytes < MAPS_BYTES ? Verdict.FAILED
            : bytes < ALL_BYTES ? Verdict.WARNING : Verdict.OK, bytes(bytes) + " left"
                + (bytes < ALL_BYTES ? ", the agent takes up to " + bytes(ALL_BYTES) : ""));
    }

    private static Finding tmp(TargetProcess process, MountTable mounts) {
        String problem = problem(process, mounts, "/tmp", process.tmp(), JAR_BYTES);
        return Finding.of(Condition.TMP, problem == null ? Verdict.OK : Verdict.FAILED,
            problem == null ? room(process.tmp()) : problem);
    }

    private static Finding tmpdir(TargetProcess process, MountTable mounts) {
        String path = FlagFinder.property(process, "java.io.tmpdir").filter(name -> name.startsWith("/"))
            .orElse("/tmp");
        Path directory = path.equals("/tmp") ? process.tmp() : process.fileOf(path);
        String problem = problem(process, mounts, path, directory, LIBRARIES_BYTES);
        if (problem != null) {
            return Finding.told(Condition.TMPDIR, "Cannot extract the native libraries", path + ": " + problem
                + ". Name another directory with tmpdir=/path.");
        }
        boolean noexec = mounts.of(path).filter(MountTable.Mount::isNoexec).isPresent();
        return Finding.of(Condition.TMPDIR, noexec ? Verdict.FAILED : Verdict.OK,
            path + ", " + (noexec ? "mounted noexec" : room(directory)));
    }

    /** Null when so many bytes can be written there by the JVM's user. */
    private static String problem(TargetProcess process, MountTable mounts, String path, Path directory, long bytes) {
        Optional<MountTable.Mount> mount = mounts.of(path);
        if (Files.isSymbolicLink(directory) && directory.startsWith("/proc")) {
            return "a symbolic link, which is not followed out of the JVM's root directory";
        }
        if (!Files.isDirectory(directory)) {
            return "not there, or not to be seen from here";
        }
        if (mount.isPresent() && mount.get().isReadOnly()) {
            return "on a file system that is mounted read-only";
        }
        if (!mayWrite(process, directory)) {
            return "not to be written by uid " + process.uid();
        }
        long room = directory.toFile().getUsableSpace();
        return room < bytes ? bytes(room) + " free, " + bytes(bytes) + " are needed" : null;
    }

    private static boolean mayWrite(TargetProcess process, Path directory) {
        try {
            Map<String, Object> unix = Files.readAttributes(directory, "unix:uid,gid,mode");
            int mode = (Integer) unix.get("mode");
            int needed = (Integer) unix.get("uid") == process.uid() ? OWNER_WRITE
                : (Integer) unix.get("gid") == process.gid() ? GROUP_WRITE : OTHERS_WRITE;
            return process.uid() == 0 || (mode & needed) != 0;
        } catch (IOException hidden) {
            return true; // nobody can say; copying the jar will
        }
    }

    private static String room(Path directory) {
        return bytes(directory.toFile().getUsableSpace()) + " free";
    }

    private static String bytes(long bytes) {
        return bytes >= 10L << 30 ? (bytes >> 30) + " GiB" : bytes >= 1 << 20 ? (bytes >> 20) + " MiB"
            : (bytes >> 10) + " KiB";
    }
}
