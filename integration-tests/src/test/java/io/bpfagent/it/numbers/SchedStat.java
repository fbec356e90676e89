package io.bpfagent.it.numbers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The kernel's own account of a thread, {@code /proc/PID/task/TID/schedstat}. Without steal time; that
 * of a thread that runs or waits right now is a little old.
 *
 * @param runNs  on a CPU
 * @param waitNs waiting for one
 * @param slices how often it came on a CPU
 */
public record SchedStat(long runNs, long waitNs, long slices) {

    /** Of all live threads of the process, by tid. */
    public static Map<Integer, SchedStat> of(long pid) {
        Map<Integer, SchedStat> stats = new HashMap<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks) {
                try {
                    String[] words = Files.readString(task.resolve("schedstat")).strip().split(" ");
                    stats.put(Integer.valueOf(task.getFileName().toString()), new SchedStat(Long.parseLong(words[0]),
                            Long.parseLong(words[1]), Long.parseLong(words[2])));
                } catch (NoSuchFileException e) {
                    continue; // ended meanwhile
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return stats;
    }

    /** What was added since {@code earlier}. */
    public SchedStat minus(SchedStat earlier) {
        return new SchedStat(runNs - earlier.runNs, waitNs - earlier.waitNs, slices - earlier.slices);
    }

    /** What the hypervisor has taken from all CPUs since the machine began, in ns; to 10 ms each. */
    public static long stealNs() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
            return lines.filter(line -> line.startsWith("cpu ")).mapToLong(line -> Long.parseLong(line.split(" +")[8]))
                    .findFirst().orElse(0) * 10_000_000;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
