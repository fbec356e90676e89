package io.bpfagent.bench;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.numbers.SchedStat;
import io.bpfagent.it.pauses.SafepointLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A JVM that runs {@link GarbageLoad} with a given number of garbage collections per second. */
final class GarbageHost implements AutoCloseable {
    /** Twice as many as a small machine has CPUs, so that they are preempted too. */
    private static final int THREADS = 4;
    private static final int ADJUSTMENTS = 3;
    /** A window in which others had the CPUs is measured again, at most so often. */
    private static final int TRIES = 4;

    private final String name;
    private final Path log = SafepointLog.create();
    private final HostJvm jvm;
    private int counts;

    /** How much work was done and how many collections there had been when; ns of {@link System#nanoTime}. */
    private record Count(long pieces, long collections, long atNs) {}

    /**
     * What was done in a window.
     *
     * @param pauseNs how long a pause was, the median, by the JVM's own log
     */
    record Work(double piecesPerSecond, double collectionsPerSecond, double pauseNs, CpuUse cpu) {}

    /**
     * Takes some 10 s, for the JIT compilers, and until it collects about that often.
     *
     * @param collector as in {@code -XX:+UseParallelGC}
     */
    GarbageHost(Jdk jdk, String collector, int collectionsPerSecond) {
        name = jdk + ", " + collector;
        jvm = HostJvm.of(jdk).jvm("-XX:+Use" + collector + "GC", "-Xms64m", "-Xmx64m", "-Xmn16m",
                SafepointLog.flag(log, "safepoint"))
                .main(GarbageLoad.class, Integer.toString(THREADS)).start();
        jvm.awaitLine("ready");
        double bytes = 10_000;
        for (int i = 0; i < ADJUSTMENTS; i++) {
            Await.sleep(1_500);
            bytes *= collectionsPerSecond / Math.max(1, work(1_500).collectionsPerSecond());
            String line = "bytes " + (int) bytes;
            jvm.send(line);
            jvm.awaitLine("done " + line);
        }
        Await.sleep(1_000);
    }

    /** For a table. */
    String name() {
        return name;
    }

    HostJvm jvm() {
        return jvm;
    }

    /** What is done in so many ms, if possible some in which nobody else had the CPUs. */
    Work quietWork(int ms) {
        Work best = work(ms);
        for (int i = 1; i < TRIES && !best.cpu().isQuiet(); i++) {
            Work again = work(ms);
            best = again.cpu().others() < best.cpu().others() ? again : best;
        }
        return best;
    }

    private Work work(int ms) {
        SafepointLog before = SafepointLog.read(log);
        CpuUse cpuFrom = CpuUse.of(jvm.pid());
        Count from = count();
        Await.sleep(ms);
        Count to = count();
        CpuUse cpu = CpuUse.of(jvm.pid()).since(cpuFrom);
        double seconds = (to.atNs - from.atNs) / 1e9;
        Samples pauses = new Samples();
        SafepointLog.read(log).since(before).safepoints().forEach(safepoint -> pauses.add(safepoint.totalNs()));
        return new Work((to.pieces - from.pieces) / seconds, (to.collections - from.collections) / seconds,
                pauses.median(), cpu);
    }

    /** CPU time so far of the JVM's live threads whose kernel's name begins so, ns. */
    long cpuNs(String threads) {
        long ns = 0;
        for (Map.Entry<Integer, SchedStat> thread : SchedStat.of(jvm.pid()).entrySet()) {
            try {
                Path comm = Path.of("/proc/" + jvm.pid() + "/task/" + thread.getKey() + "/comm");
                ns += Files.readString(comm).startsWith(threads) ? thread.getValue().runNs() : 0;
            } catch (IOException e) {
                continue; // ended meanwhile
            }
        }
        return ns;
    }

    private Count count() {
        String question = "count " + counts++ + " ";
        jvm.send(question);
        String[] words = jvm.awaitLine(question).split(" +");
        return new Count(Long.parseLong(words[2]), Long.parseLong(words[3]), Long.parseLong(words[4]));
    }

    @Override
    public void close() {
        jvm.close();
        SafepointLog.delete(log);
    }
}
