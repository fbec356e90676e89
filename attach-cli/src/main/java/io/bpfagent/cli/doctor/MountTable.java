package io.bpfagent.cli.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** On what a path stands, as a process sees it: /proc/PID/mountinfo, see proc_pid_mountinfo(5). */
record MountTable(List<Mount> mounts) {

    private static final int POINT = 4;
    private static final int OPTIONS = 5;

    /**
     * One mount.
     *
     * @param point where it is, as the process sees it
     * @param options its own and its file system's
     */
    record Mount(String point, List<String> options) {

        boolean isNoexec() {
            return options.contains("noexec");
        }

        boolean isReadOnly() {
            return options.contains("ro");
        }

        private boolean holds(String path) {
            return path.equals(point) || point.equals("/") || path.startsWith(point + "/");
        }
    }

    /** Empty where it cannot be read. */
    static MountTable of(Path process) {
        try {
            return parse(Files.readString(process.resolve("mountinfo"), StandardCharsets.ISO_8859_1));
        } catch (IOException | RuntimeException hidden) {
            return new MountTable(List.of());
        }
    }

    static MountTable parse(String text) {
        return new MountTable(text.lines().filter(line -> line.contains(" - ") && line.split(" ").length > OPTIONS)
            .map(MountTable::mount).toList());
    }

    private static Mount mount(String line) {
        String[] own = line.split(" ");
        String[] fileSystem = line.substring(line.indexOf(" - ") + 3).split(" ");
        // A file system that is read-only is so however it was mounted.
        boolean readOnly = List.of(fileSystem[fileSystem.length - 1].split(",")).contains("ro");
        return new Mount(own[POINT].replace("\\040", " "),
            List.of((own[OPTIONS] + (readOnly ? ",ro" : "")).split(",")));
    }

    /** The one that a path stands on: the last of those with the longest path. */
    Optional<Mount> of(String path) {
        return mounts.stream().filter(mount -> mount.holds(path))
            .reduce((best, next) -> next.point().length() >= best.point().length() ? next : best);
    }
}
