package io.bpfagent.bench;

import io.bpfagent.it.Jdks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Measures, prints the tables, and writes them into the file that {@code bench.document} names, where they take the
 * place of the same chapters' older ones, and their pictures into the directory {@code bench.pictures}, if these are
 * named. {@code bin/bench} starts it.
 */
public final class Bench {
    private static final String HEAD = """
            # Benchmarks

            Written by `bin/bench`. Medians with (least–most) of several rounds. What is compared took turns within one
            run, in shuffled order. The machine sets the absolute figures; only the ratios say something elsewhere.

            Where it is measured how a cost grows: each curve is told by the power by which the cost grows between its
            ends, the slope of its logarithm, in each round. Worse than linear is a mean that lies two standard errors
            and more than %s above it: ten times as much then costs over %s times as much. Pictures: each round a dot,
            the medians a line, dashes for linear.
            """.formatted(Samples.number("%.1f", Curve.MARGIN), Samples.number("%.1f", Math.pow(10, 1 + Curve.MARGIN)));

    private Bench() {}

    /** @param args {@code --quick}, then chapters by name, or by what their names begin with; none is all */
    public static void main(String[] args) throws IOException {
        // Ctrl-C: whatever this process has started ends with it.
        Runtime.getRuntime().addShutdownHook(new Thread(
                () -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly),
                "end of children"));
        List<String> wanted = new ArrayList<>(List.of(args));
        Effort effort = wanted.remove("--quick") ? Effort.QUICK : Effort.FULL;
        List<Chapter> all = List.of(new KernelCost(), new StartTime(), new Memory(), new Rightness(), new Throughput(),
                Applications.http(), Applications.sql(), new Peers(), new Pauses(), new PauseThroughput(),
                new Latencies(), new Contexts(), new VirtualThreads(), new SnapshotCost(), new FleetSize(),
                new ExportsCost(), new JvmGrowth(), new HookCost(), new SwitchGrowth(), new HitGrowth(),
                new ThreadGrowth(), new SlowEventGrowth(), new Life());
        List<Chapter> chapters = all.stream().filter(chapter -> wanted.isEmpty() || wanted.stream()
                .anyMatch(name -> chapter.name().equals(name) || chapter.name().startsWith(name + "-"))).toList();
        String pictures = System.getProperty("bench.pictures", "");
        if (!pictures.isEmpty()) {
            CurvePlot.svg(Curve.total("none", "", "")); // a machine that cannot draw is known at once, not in an hour
        }
        long beganNs = System.nanoTime();
        BenchDocument document = new BenchDocument(HEAD, all.stream().map(Chapter::title).toList());
        String file = System.getProperty("bench.document", "");
        if (!file.isEmpty() && Files.exists(Path.of(file))) {
            document.read(Path.of(file));
        }
        System.out.println(HEAD);
        boolean failed = false;
        for (Chapter chapter : chapters) {
            System.err.println("bin/bench: measures " + chapter.title());
            String text = measured(chapter, effort);
            System.out.println("## " + chapter.title() + "\n\n" + where(effort)
                    + (text == null ? "Could not be measured.\n" : text));
            failed |= text == null || !chapter.problem().isEmpty();
            if (text == null) {
                continue;
            }
            // Each at once: hours of others are not lost with one that fails.
            document.put(chapter.title(), where(effort) + text);
            if (!file.isEmpty()) {
                document.write(Path.of(file));
            }
            if (!pictures.isEmpty()) {
                chapter.curves().forEach(curve -> CurvePlot.write(curve, Path.of(pictures)));
            }
        }
        System.err.println("bin/bench: took " + (System.nanoTime() - beganNs) / 1_000_000_000 + " s");
        System.exit(failed ? 1 : 0);
    }

    /** Its text, also where a number is a problem; null if it could not be measured. */
    private static String measured(Chapter chapter, Effort effort) {
        try {
            String text = chapter.measure(effort) + "\n";
            if (!chapter.problem().isEmpty()) {
                System.err.println("bin/bench: " + chapter.title() + ": " + chapter.problem());
            }
            return text;
        } catch (AssertionError | RuntimeException e) {
            System.err.println("bin/bench: " + chapter.title() + " could not be measured: " + e);
            return null;
        }
    }

    /** Chapters need not be of one run. */
    private static String where(Effort effort) {
        String jdks = Jdks.all().stream().map(jdk -> jdk.release() + "").collect(Collectors.joining(" and "));
        return "*Linux " + System.getProperty("os.version").replaceFirst("-.*", "") + ", "
                + System.getProperty("os.arch") + ", " + Runtime.getRuntime().availableProcessors() + " CPUs, JDK "
                + jdks + ", " + LocalDate.now(ZoneOffset.UTC) + (effort == Effort.QUICK ? ", `--quick`" : "")
                + ".*\n\n";
    }
}
