package io.bpfagent.it.pauses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.PauseReport;
import io.bpfagent.it.PauseReport.PauseEntry;
import io.bpfagent.it.PauseReport.PausedThread;
import io.bpfagent.it.Report;
import io.bpfagent.it.pauses.SafepointLog.Safepoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;

/** The same pauses by the agent and by the JVM's log. */
public final class PauseComparison {
    private static final long US = 1_000;
    private static final long MS = 1_000_000;
    /** The JVM's clock of days and the kernel's, and what the JVM takes for a line. */
    private static final long CLOCKS_APART_MS = 20;

    private PauseComparison() {}

    /** One number by the log and by the agent. */
    private record Pair(String what, long logNs, long agentNs) {
        long apartNs() {
            return Math.abs(agentNs - logNs);
        }

        boolean isNear() {
            return apartNs() <= Math.max(logNs / 20, 100 * US);
        }
    }

    /** The pause of the same index as the safepoint: same operation, same time, and GC work if the log says so. */
    public static void assertSame(List<Safepoint> safepoints, List<PauseEntry> pauses) {
        for (int i = 0; i < Math.min(safepoints.size(), pauses.size()); i++) {
            Safepoint safepoint = safepoints.get(i);
            PauseEntry pause = pauses.get(i);
            assertTrue(pause.operation().equals(safepoint.operation()) && pause.gc() == safepoint.gc(),
                    () -> pause + " in the log is " + safepoint);
        }
        assertEquals(safepoints.size(), pauses.size());
        assertTimes(safepoints, pauses);
    }

    /** None is missing from the first to the last. */
    static void assertNumbered(long first, PauseReport last, List<PauseEntry> pauses) {
        long expected = first;
        for (PauseEntry pause : pauses) {
            assertEquals(expected, pause.number(), () -> pause + " comes too soon, " + last.losses());
            expected++;
        }
        assertEquals(last.seen() + 1, expected);
    }

    /** Within 5 % or 100 us, but for one in fifty: between its two clock readings a thread can lose its CPU. */
    private static void assertTimes(List<Safepoint> safepoints, List<PauseEntry> pauses) {
        List<Pair> totals = new ArrayList<>();
        List<Pair> stops = new ArrayList<>();
        long clockApart = 0;
        for (int i = 0; i < pauses.size(); i++) {
            Safepoint safepoint = safepoints.get(i);
            PauseEntry pause = pauses.get(i);
            String what = pause.number() + " " + pause.operation();
            totals.add(new Pair(what + " total", safepoint.totalNs(), pause.totalNs()));
            stops.add(new Pair(what + " time to safepoint", safepoint.stoppingNs(), pause.timeToSafepointNs()));
            long endedMs = pause.atMs() + pause.totalNs() / MS;
            clockApart += Math.abs(endedMs - safepoint.endedMs()) > CLOCKS_APART_MS ? 1 : 0;
        }
        assertNear(totals);
        assertNear(stops);
        assertTrue(clockApart <= Math.max(1, pauses.size() / 100),
                clockApart + " pauses are said to have been at another time");
    }

    private static void assertNear(List<Pair> pairs) {
        List<Pair> apart = pairs.stream().filter(pair -> !pair.isNear())
                .sorted(Comparator.comparingLong(Pair::apartNs).reversed()).toList();
        assertTrue(apart.size() <= Math.max(1, pairs.size() / 50), () -> apart.size() + " of " + pairs.size()
                + " are apart, the worst " + apart.subList(0, Math.min(5, apart.size())));
    }

    /** Counts are those of the log. Sums are the pauses' own; where there were more than are listed, near the log's. */
    public static void assertHistograms(SafepointLog log, PauseMoment first, PauseMoment second) {
        long count = log.safepoints().size();
        assertEquals(count, second.countSince(first, "safepoint"));
        assertEquals(count, second.countSince(first, "time_to_safepoint"));
        assertEquals(log.gcPauses(), second.countSince(first, "gc_pause"));
        assertEquals(log.countsByOperation(), second.operationsSince(first));
        assertEquals(log.operations().size(), second.countSince(first, "vm_operation"));
        long safepointNs = second.sumNsSince(first, "safepoint");
        long stoppingNs = second.sumNsSince(first, "time_to_safepoint");
        long gcNs = second.sumNsSince(first, "gc_pause");
        List<PauseEntry> pauses = second.pausesSince(first);
        if (pauses.size() == count) {
            assertEquals(pauses.stream().mapToLong(PauseEntry::totalNs).sum(), safepointNs);
            assertEquals(pauses.stream().mapToLong(PauseEntry::timeToSafepointNs).sum(), stoppingNs);
            assertEquals(pauses.stream().filter(PauseEntry::gc).mapToLong(PauseEntry::totalNs).sum(), gcNs);
        } else {
            assertSum("safepoint", log.safepoints().stream().mapToLong(Safepoint::totalNs), count, safepointNs);
            assertSum("time_to_safepoint", log.safepoints().stream().mapToLong(Safepoint::stoppingNs), count,
                    stoppingNs);
            assertSum("gc_pause", log.safepoints().stream().filter(Safepoint::gc).mapToLong(Safepoint::totalNs),
                    log.gcPauses(), gcNs);
        }
    }

    /**
     * Within 5 % or 20 us for each of them: as long it may take to write a line of the log, which is in a pause. There
     * are hundreds: a few of them in which the VM thread loses its CPU just then are no more than that.
     */
    private static void assertSum(String metric, LongStream logNs, long count, long agentNs) {
        long expectedNs = logNs.sum();
        assertTrue(Math.abs(agentNs - expectedNs) <= Math.max(expectedNs / 20, count * 20 * US),
                () -> metric + " of " + count + ": " + agentNs + " ns, in the log " + expectedNs + " ns");
    }

    /** To the nanosecond; so do the threads' times, and who had the CPUs while they were runnable. */
    public static void assertAddsUp(PauseEntry pause) {
        assertEquals(pause.totalNs(), Report.sum(pause.partsNs()), pause::toString);
        assertEquals(pause.timeToSafepointNs(), pause.partNs("reaching"), pause::toString);
        assertEquals(1, pause.threads("vm").size(), pause::toString);
        for (PausedThread thread : pause.threads()) {
            long mostNs = thread.role().equals("late") ? pause.timeToSafepointNs() : pause.totalNs();
            assertTrue(thread.wallNs() <= mostNs, () -> thread + " of " + pause);
            assertEquals(thread.timeNs("runnable"), Report.sum(thread.occupantsNs()), () -> thread + " of " + pause);
        }
        assertEquals(pause.totalNs(), pause.threads("vm").get(0).wallNs(), pause::toString);
    }

    /** Of the GC workers all but those that were born or ended in a pause were something all through it. */
    static void assertCovered(List<PauseEntry> pauses) {
        long threads = 0;
        List<PauseEntry> apart = new ArrayList<>();
        for (PauseEntry pause : pauses) {
            for (PausedThread thread : pause.threads("gc")) {
                threads++;
                if (thread.wallNs() != pause.totalNs()) {
                    apart.add(pause);
                }
            }
        }
        assertTrue(apart.size() <= threads / 50, apart.size() + " of " + threads + " GC threads: "
                + apart.subList(0, Math.min(3, apart.size())));
    }
}
