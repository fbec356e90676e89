package io.bpfagent.it.pauses;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a JVM has logged of its safepoints and VM operations.
 *
 * <p>It writes the line of a safepoint when all threads may go on, which is before the pause ends for the agent: so the
 * log must be written fast, and is kept in memory.
 *
 * @param safepoints in the order of their ends
 * @param operations the name of each VM operation that was begun, at a safepoint or not; only with {@link #VM_THREAD}
 */
public record SafepointLog(List<Safepoint> safepoints, List<String> operations) {
    /** The tags that tell all that is read here but the operations. */
    public static final String TAGS = "safepoint,gc*";
    /** A further tag: of all VM operations. */
    public static final String VM_THREAD = ",vmthread=debug";

    private static final Path IN_MEMORY = Path.of("/dev/shm");
    private static final Pattern SAFEPOINT = Pattern.compile("\\[(\\d+)ms]\\[[^]]*] ?Safepoint \"([^\"]+)\", .*"
            + "Reaching safepoint: +(\\d+) ns, (?:Cleanup: +(\\d+) ns, )?.*Total: +(\\d+) ns.*");
    /** Not what the last line of a concurrent phase says, which is of no safepoint. */
    private static final Pattern GC_PAUSE =
            Pattern.compile("\\[\\d+ms]\\[gc[^]]*] ?GC\\(\\d+\\) (?:[yYoO]: )?Pause .*");
    private static final Pattern OPERATION =
            Pattern.compile("\\[\\d+ms]\\[vmthread *] ?(?:Evaluating|Executing) (.*)VM operation: ([^(]*[^( ]).*");

    /**
     * A safepoint.
     *
     * @param endedMs    when its line was written, ms since 1970
     * @param operation  as {@link #VM_THREAD} calls it, where that is logged: Shenandoah's operations have two names
     * @param stoppingNs from the request until the operation could begin. JDK 17 calls the first part of it
     *                   "Reaching safepoint" and the rest "Cleanup": the first VM operation begins after both
     * @param gc         whether the collector logged a pause in it
     */
    public record Safepoint(long endedMs, String operation, long stoppingNs, long totalNs, boolean gc) {}

    /** A file in memory for the log of a new host; to be deleted by {@link #delete}. */
    public static Path create() {
        try {
            Path directory = Files.isWritable(IN_MEMORY) ? IN_MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
            return Files.createTempFile(directory, "bpf-agent-it-", ".log");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The flag that makes a JVM write it. */
    public static String flag(Path file, String tags) {
        return "-Xlog:" + tags + ":file=" + file + ":timemillis,tags:filecount=0";
    }

    public static SafepointLog read(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return of(lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SafepointLog of(Stream<String> lines) {
        Reader reader = new Reader();
        lines.forEach(reader::read);
        return new SafepointLog(reader.safepoints, reader.operations);
    }

    /** Line by line. */
    private static final class Reader {
        private final List<Safepoint> safepoints = new ArrayList<>();
        private final List<String> operations = new ArrayList<>();
        /** Of the safepoint whose line is yet to come. */
        private String operation;
        private boolean gc;

        void read(String line) {
            Matcher safepoint = SAFEPOINT.matcher(line);
            Matcher begun = OPERATION.matcher(line);
            if (safepoint.matches()) {
                add(safepoint);
            } else if (begun.matches()) {
                operations.add(begun.group(2));
                if (operation == null && begun.group(1).strip().equals("safepoint")) {
                    operation = begun.group(2);
                }
            } else if (GC_PAUSE.matcher(line).matches()) {
                gc = true;
            }
        }

        private void add(Matcher line) {
            long cleanupNs = line.group(4) == null ? 0 : Long.parseLong(line.group(4));
            safepoints.add(new Safepoint(Long.parseLong(line.group(1)), operation == null ? line.group(2) : operation,
                    Long.parseLong(line.group(3)) + cleanupNs, Long.parseLong(line.group(5)), gc));
            operation = null;
            gc = false;
        }
    }

    /** What was added since {@code earlier} was read from the same file. */
    public SafepointLog since(SafepointLog earlier) {
        return new SafepointLog(safepoints.subList(earlier.safepoints.size(), safepoints.size()),
                operations.subList(earlier.operations.size(), operations.size()));
    }

    /** The same, as if the collector had not worked in these operations. */
    SafepointLog withoutGcIn(Set<String> names) {
        return new SafepointLog(safepoints.stream().map(safepoint -> new Safepoint(safepoint.endedMs(),
                safepoint.operation(), safepoint.stoppingNs(), safepoint.totalNs(),
                safepoint.gc() && !names.contains(safepoint.operation()))).toList(), operations);
    }

    /** How many of them the collector worked in. */
    public long gcPauses() {
        return safepoints.stream().filter(Safepoint::gc).count();
    }

    /** The operation of each safepoint, in their order. */
    public List<String> names() {
        return safepoints.stream().map(Safepoint::operation).toList();
    }

    /** How often each VM operation was begun. */
    public Map<String, Long> countsByOperation() {
        Map<String, Long> counts = new TreeMap<>();
        operations.forEach(operation -> counts.merge(operation, 1L, Long::sum));
        return counts;
    }
}
