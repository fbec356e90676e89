package io.bpfagent.bench;

import io.bpfagent.it.Await;
import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.Report;
import io.bpfagent.it.Report.ThreadReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How far the numbers are off; the tests say that they are never off too far. */
final class Rightness implements Chapter {
    private static final int PAIRS = 2;
    private static final int COMPUTERS = 3;
    private static final String OURS = "interval=100ms";
    /** Under this, a deviation is not told in percent: schedstat and we do not count the same first µs. */
    private static final double FLOOR_NS = 1e6;
    private static final Pattern RUNQLAT_ROW = Pattern.compile("(?m)^ *\\d+ -> \\d+ *: (\\d+)");

    @Override
    public String name() {
        return "right";
    }

    @Override
    public String title() {
        return "Rightness";
    }

    @Override
    public String measure(Effort effort) {
        Samples sums = new Samples();
        Samples running = new Samples();
        Samples runnable = new Samples();
        Samples wakeUps = new Samples();
        Map<String, Samples> counts = new HashMap<>();
        Map<String, Long> losses = new TreeMap<>();
        for (Jdk jdk : Jdks.all()) {
            try (LoadHost host = new LoadHost(jdk, PAIRS, COMPUTERS)) {
                host.jvm().attach(OURS);
                host.jvm().await("on");
                for (int round = 0; round < effort.rounds(); round++) {
                    compareTimes(host, effort.windowMs(), sums, running, runnable);
                }
                host.jvm().freshReport().losses().forEach((loss, count) -> losses.merge(loss, count, Long::sum));
                for (int round = 0; round < effort.rounds() / 2 && Peer.runqlat().missing() == null; round++) {
                    wakeUps.add(100 * (wakeUpRatio(host, effort.windowMs()) - 1));
                }
            }
            ExactCounts.count(jdk, counts);
        }
        Table table = new Table("", "found", "limit");
        table.row("sum of a thread's states against the clock, worst thread", sums.text("%.3f") + " %", "1 %");
        table.row("`running` against schedstat, worst thread", running.text("%.2f") + " %", "2 %, or 1 ms");
        table.row("`runnable` against schedstat, worst thread", runnable.text("%.2f") + " %", "2 %, or 1 ms");
        table.row("waits for a CPU against runqlat's count", wakeUps.text("%+.2f") + " %", "5 %");
        counts.keySet().stream().sorted().forEach(what ->
                table.row(what, counts.get(what).text("%.0f"), Integer.toString(ExactCounts.TIMES)));
        table.row("losses that the agent counted in these windows", losses.isEmpty() ? "none"
                : losses.entrySet().stream().map(Object::toString).collect(Collectors.joining(", ")), "");
        return "`running` and `runnable` on a JVM of " + COMPUTERS + " threads that compute and " + PAIRS
                + " pairs that hand over, in windows that begin\n"
                + "and end while all of them are parked, less the steal time of the VM. All JDKs.\n\n"
                + table;
    }

    private static void compareTimes(LoadHost host, int windowMs, Samples sums, Samples running, Samples runnable) {
        HostJvm jvm = host.jvm();
        Report from = jvm.freshReport();
        Map<Integer, long[]> oracleFrom = schedstat(jvm);
        long stealFrom = stealNs();
        host.go();
        Await.sleep(windowMs);
        host.stop();
        Report to = jvm.freshReport();
        Map<Integer, long[]> oracleTo = schedstat(jvm);
        long steal = stealNs() - stealFrom;
        long windowNs = to.wallNs() - from.wallNs();
        double worstSum = 0;
        double worstRunning = 0;
        double worstRunnable = 0;
        for (ThreadReport before : from.threads()) {
            for (ThreadReport after : to.threads()) {
                if (before.tid() != after.tid() || !after.name().matches("handover-.*|computer-.*")) {
                    continue;
                }
                ToLongFunction<String> ours = metric -> after.timeNs(metric) - before.timeNs(metric);
                long sum = Report.sum(after.timesNs()) - Report.sum(before.timesNs());
                worstSum = Math.max(worstSum, 100.0 * Math.abs(sum - windowNs) / windowNs);
                long[] first = oracleFrom.get(after.tid());
                long[] last = oracleTo.get(after.tid());
                worstRunning = Math.max(worstRunning,
                        deviation(ours.applyAsLong("running"), last[0] - first[0], steal));
                worstRunnable = Math.max(worstRunnable, deviation(ours.applyAsLong("runnable"), last[1] - first[1], 0));
            }
        }
        sums.add(worstSum);
        running.add(worstRunning);
        runnable.add(worstRunnable);
    }

    /**
     * Percent; 0 when it is less than 1 ms.
     *
     * @param stealNs what the hypervisor has taken: schedstat leaves it out, a thread's states contain it
     */
    private static double deviation(long oursNs, long theirsNs, long stealNs) {
        long more = oursNs - theirsNs;
        double difference = more > 0 ? Math.max(0, more - stealNs) : -more;
        return difference < FLOOR_NS ? 0 : 100 * difference / theirsNs;
    }

    /** Of all CPUs since boot, in steps of 10 ms. */
    private static long stealNs() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
            // cpu, user, nice, system, idle, iowait, irq, softirq, steal: proc(5)
            return Long.parseLong(lines.findFirst().orElseThrow().split(" +")[8]) * 10_000_000;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By tid: ns on the CPU, ns waiting for one. */
    private static Map<Integer, long[]> schedstat(HostJvm jvm) {
        Map<Integer, long[]> times = new HashMap<>();
        for (ThreadReport thread : new Report(jvm.threads()).threads()) {
            Path file = Path.of("/proc/" + jvm.pid() + "/task/" + thread.tid() + "/schedstat");
            try {
                String[] words = Files.readString(file).strip().split(" ");
                times.put(thread.tid(), new long[] {Long.parseLong(words[0]), Long.parseLong(words[1])});
            } catch (IOException e) {
                if (Files.exists(file)) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return times;
    }

    /** How many waits for a CPU we count for one that runqlat counts. */
    private static double wakeUpRatio(LoadHost host, int windowMs) {
        HostJvm jvm = host.jvm();
        Peer runqlat = new Peer("runqlat", "-p", "PID", "60", "1");
        runqlat.start(jvm);
        Await.sleep(2_000);
        jvm.freshReport();
        long from = waits(jvm);
        host.go();
        Await.sleep(windowMs);
        host.stop();
        jvm.freshReport();
        long to = waits(jvm);
        long theirs = 0;
        Matcher row = RUNQLAT_ROW.matcher(runqlat.output());
        while (row.find()) {
            theirs += Long.parseLong(row.group(1));
        }
        return (double) (to - from) / theirs;
    }

    private static long waits(HostJvm jvm) {
        return Histogram.only(jvm.hist("runnable", null, null)).count();
    }
}
