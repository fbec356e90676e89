package io.bpfagent.bench;

import io.bpfagent.it.Jdks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Measures, prints the tables, and writes them into the file that {@code bench.document} names, and their pictures into
 * the directory {@code bench.pictures}, if these are named. {@code bin/bench} starts it.
 */
public final class Bench {
    private static boolean failed;

    private Bench() {}

    /** @param args {@code --quick}, then chapters by name, as each says it; none is all */
    public static void main(String[] args) throws IOException {
        // Ctrl-C: whatever this process has started ends with it.
        Runtime.getRuntime().addShutdownHook(new Thread(
                () -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly),
                "end of children"));
        List<String> wanted = new ArrayList<>(List.of(args));
        Effort effort = wanted.remove("--quick") ? Effort.QUICK : Effort.FULL;
        List<Chapter> chapters = Stream
                .of(new KernelCost(), new StartTime(), new Memory(), new Rightness(), new Throughput(),
                        new Applications(), new Peers(), new Pauses(), new PauseThroughput(), new Latencies(),
                        new Contexts(), new VirtualThreads(), new SnapshotCost(), new FleetSize(), new ExportsCost(),
                        new CostGrowth(),
                        new Life())
                .filter(chapter -> wanted.isEmpty() || wanted.contains(chapter.name())).toList();
        String pictures = System.getProperty("bench.pictures", "");
        if (!pictures.isEmpty()) {
            CurvePlot.svg(Curve.total("none", "", "")); // a machine that cannot draw is known at once, not in an hour
        }
        long beganNs = System.nanoTime();
        StringBuilder document = new StringBuilder(head(effort));
        System.out.print(document);
        for (Chapter chapter : chapters) {
            System.err.println("bin/bench: measures " + chapter.title());
            String text = "## " + chapter.title() + "\n\n" + measured(chapter, effort);
            System.out.println(text);
            document.append(text).append('\n');
        }
        String file = System.getProperty("bench.document", "");
        if (!file.isEmpty() && !failed) {
            Files.writeString(Path.of(file), document.toString().strip() + "\n", StandardCharsets.UTF_8);
        }
        if (!pictures.isEmpty() && !failed) {
            chapters.forEach(chapter -> chapter.curves().forEach(curve -> CurvePlot.write(curve, Path.of(pictures))));
        }
        System.err.println("bin/bench: took " + (System.nanoTime() - beganNs) / 1_000_000_000 + " s");
        System.exit(failed ? 1 : 0);
    }

    /** What has been measured of the others is worth having when one of them fails. */
    private static String measured(Chapter chapter, Effort effort) {
        try {
            String text = chapter.measure(effort) + "\n";
            if (!chapter.problem().isEmpty()) {
                failed = true;
                System.err.println("bin/bench: " + chapter.title() + ": " + chapter.problem());
            }
            return text;
        } catch (AssertionError | RuntimeException e) {
            failed = true;
            System.err.println("bin/bench: " + chapter.title() + " could not be measured: " + e);
            return "Could not be measured.\n";
        }
    }

    private static String head(Effort effort) {
        String jdks = Jdks.all().stream().map(jdk -> jdk.release() + "").collect(Collectors.joining(" and "));
        return "# Benchmarks\n\n"
                + "Written by `bin/bench" + (effort == Effort.QUICK ? " --quick" : "") + "`: Linux "
                + System.getProperty("os.version").replaceFirst("-.*", "") + ", " + System.getProperty("os.arch") + ", "
                + Runtime.getRuntime().availableProcessors() + " CPUs, JDK " + jdks + ".\n"
                + "Medians with (least–most) of several rounds. What is compared took turns within one run, in\n"
                + "shuffled order. The machine sets the absolute figures; only the ratios say something elsewhere.\n\n";
    }
}
