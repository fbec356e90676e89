package io.bpfagent.cli.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * How much memory a process's cgroup has left, of either version: since Linux 5.11 the memory of BPF is charged to it.
 */
final class CgroupMemory {

    /** What version 1 has in place of "max". */
    private static final long ENDLESS = 1L << 60;

    private final Path proc;

    CgroupMemory(Path proc) {
        this.proc = proc;
    }

    /**
     * Bytes until the nearest limit, what the kernel can drop at once counted as free; empty when there is no
     * limit.
     */
    OptionalLong left(Path process) {
        for (String line : lines(process.resolve("cgroup"))) {
            String[] fields = line.split(":", 3);
            boolean unified = fields.length == 3 && fields[1].isEmpty();
            if (fields.length == 3 && (unified || List.of(fields[1].split(",")).contains("memory"))) {
                OptionalLong left = left(mount(unified), fields[2], unified);
                if (left.isPresent()) {
                    return left;
                }
            }
        }
        return OptionalLong.empty();
    }

    /** The smallest of the group's own and those above. */
    private OptionalLong left(Path mount, String group, boolean unified) {
        OptionalLong smallest = OptionalLong.empty();
        if (mount == null || group.contains("..")) {
            return smallest;
        }
        Path directory = mount.resolve(group.substring(Math.min(1, group.length())));
        while (directory != null && directory.startsWith(mount)) {
            OptionalLong here = unified ? left(directory, "memory.max", "memory.current", "inactive_file")
                : left(directory, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file");
            if (here.isPresent() && (smallest.isEmpty() || here.getAsLong() < smallest.getAsLong())) {
                smallest = here;
            }
            directory = directory.getParent();
        }
        return smallest;
    }

    private static OptionalLong left(Path directory, String limitFile, String usedFile, String droppable) {
        long limit = number(lines(directory.resolve(limitFile)), "");
        long used = number(lines(directory.resolve(usedFile)), "");
        long cache = Math.max(0, number(lines(directory.resolve("memory.stat")), droppable + " "));
        return limit < 0 || limit >= ENDLESS || used < 0 ? OptionalLong.empty()
            : OptionalLong.of(Math.max(0, limit - used + cache));
    }

    /** Behind the key; -1 where there is none or it is "max". */
    private static long number(List<String> lines, String key) {
        return lines.stream().filter(line -> line.startsWith(key)).map(line -> line.substring(key.length()).strip())
            .filter(text -> text.matches("[0-9]{1,18}")).mapToLong(Long::parseLong).findFirst().orElse(-1);
    }

    private Path mount(boolean unified) {
        for (String line : lines(proc.resolve("self/mounts"))) {
            String[] fields = line.split(" ");
            if (fields.length > 3 && fields[2].equals(unified ? "cgroup2" : "cgroup")
                && (unified || List.of(fields[3].split(",")).contains("memory"))) {
                return Path.of(fields[1]);
            }
        }
        return null;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException none) {
            return List.of();
        }
    }
}
