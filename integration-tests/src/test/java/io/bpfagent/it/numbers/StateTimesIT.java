package io.bpfagent.it.numbers;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.Report;
import io.bpfagent.it.Report.ThreadReport;
import io.bpfagent.it.SceneHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The times in the states against the clock and against schedstat. */
class StateTimesIT {
    private static final long MS = 1_000_000;
    private static final int MOST_ROUNDS = 3;
    private static final int ROUND_MS = 1_500;
    /** On a busy machine the reader of the rows waits for a CPU between two of them. */
    private static final long READ_NS = 50 * MS;
    /** Steal time is told in units of 10 ms, of two CPUs. */
    private static final long STEAL_ROUNDING_NS = 20 * MS;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void statesAddUpToWallTimeAndRunningAndRunnableAgreeWithSchedstat(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            SceneHost.play(host, "mixed 300");
            Moment first = Moment.of(host, "mixed ");
            long hidden = 1;
            for (int round = 1; round <= MOST_ROUNDS && hidden > 0; round++) {
                SceneHost.play(host, "mixed " + (ROUND_MS + round));
                Moment second = Moment.of(host, "mixed ");
                hidden = second.hidden(first);
                assertIdle(second);
                assertAll(wallTimes(first, second));
                assertAgreement(comparisons(first, second), hidden, second.stealNs() - first.stealNs());
                SceneHost.assertNothingLost(host, second.report());
                first = second;
            }
        }
    }

    /** All workers were; so the comparison is of all of them. */
    private static void assertIdle(Moment moment) {
        List<ThreadReport> workers = moment.report().threads("mixed ");
        assertTrue(workers.size() >= 10, () -> "workers: " + workers);
        workers.forEach(worker -> assertTrue(moment.idle().containsKey(worker.tid()), worker + " was not idle"));
    }

    /** Of each thread that was idle at both moments. */
    private static List<Comparison> comparisons(Moment first, Moment second) {
        Map<Integer, ThreadReport> before = first.threads();
        List<Comparison> comparisons = new ArrayList<>();
        for (ThreadReport thread : second.report().threads()) {
            int tid = thread.tid();
            ThreadReport then = before.get(tid);
            if (then != null && first.idle().containsKey(tid) && second.idle().containsKey(tid)) {
                SchedStat kernel = second.since(first, tid);
                comparisons.add(new Comparison(thread.name() + " running", kernel.runNs(),
                        difference(then, thread, "running")));
                comparisons.add(new Comparison(thread.name() + " runnable", kernel.waitNs(),
                        difference(then, thread, "runnable")));
            }
        }
        return comparisons;
    }

    /** All within 2 % or 1 ms and what the hypervisor took, but what hidden events set apart, two states each. */
    private static void assertAgreement(List<Comparison> comparisons, long hidden, long stealNs) {
        List<Comparison> apart = comparisons.stream()
                .filter(comparison -> !comparison.isNear(stealNs + STEAL_ROUNDING_NS)).toList();
        assertTrue(apart.size() <= 2 * 2 * hidden, () -> hidden + " hidden, steal " + stealNs + ": " + apart);
    }

    /** The same by schedstat and by the agent. */
    private record Comparison(String what, long kernelNs, long agentNs) {
        boolean isNear(long moreNs) {
            return Math.abs(agentNs - kernelNs) <= Math.max(kernelNs / 50, MS) + moreNs;
        }
    }

    private static long difference(ThreadReport earlier, ThreadReport later, String metric) {
        return later.timeNs(metric) - earlier.timeNs(metric);
    }

    private static List<Executable> wallTimes(Moment first, Moment second) {
        Map<Integer, ThreadReport> before = first.threads();
        long passedNs = second.report().wallNs() - first.report().wallNs();
        List<Executable> checks = new ArrayList<>();
        for (ThreadReport thread : second.report().threads()) {
            checks.add(() -> assertEquals(thread.wallNs(), Report.sum(thread.timesNs()), thread.name()));
            ThreadReport then = before.get(thread.tid());
            if (then != null) {
                checks.add(() -> assertNear(thread.name(), passedNs, thread.wallNs() - then.wallNs()));
                checks.add(() -> then.timesNs().forEach((metric, ns) ->
                        assertTrue(thread.timeNs(metric) >= ns, thread.name() + " " + metric + " went down")));
            }
        }
        return checks;
    }

    /** Within 1 %, but for the time of a read. */
    private static void assertNear(String what, long expectedNs, long actualNs) {
        assertTrue(Math.abs(actualNs - expectedNs) <= Math.max(expectedNs / 100, READ_NS),
                () -> what + ": expected " + expectedNs + " ns, was " + actualNs + " ns");
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void wallTimeBeginsWithTheThread(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            SceneHost.play(host, "timed first");
            Await.sleep(3_000);
            SceneHost.play(host, "timed second");
            Report report = host.freshReport();
            long nowNs = System.nanoTime();
            ThreadReport first = report.thread("timed first");
            long apartNs = first.wallNs() - report.thread("timed second").wallNs();
            // Each was born between two readings of the clock.
            assertTrue(apartNs >= read(host, "unborn second") - read(host, "born first") - READ_NS, () -> apartNs + "");
            assertTrue(apartNs <= read(host, "born second") - read(host, "unborn first") + READ_NS, () -> apartNs + "");
            assertTrue(first.wallNs() <= nowNs - read(host, "unborn first"), "older than it can be");
        }
    }

    /** The host's System.nanoTime, which is also ours, when it printed that. */
    private static long read(HostJvm host, String when) {
        return Long.parseLong(host.awaitLine(when + " ").replaceFirst(".* ", ""));
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void unfinishedStateGrowsWhileItLasts(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            SceneHost.play(host, "block");
            Report first = host.freshReport();
            Await.sleep(1_000);
            Report second = host.freshReport();
            long passedNs = second.wallNs() - first.wallNs();
            assertAll(first.threads("stays in ").stream().map(thread -> () -> assertNear(thread.name(),
                    passedNs, difference(thread, second.thread(thread.name()), thread.state()))));
        }
    }
}
