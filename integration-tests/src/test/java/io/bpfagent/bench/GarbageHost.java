package io.bpfagent.bench;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.pauses.SafepointLog;
import java.nio.file.Path;

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
     * @param piecesPerSecond as if the compilers had done nothing: they would have left their time to the others
     * @param pauseNs         how long a pause was, the median, by the JVM's own log
     * @param nsPerPiece      CPU time of all threads but the compilers, ns for each piece of work
     * @param agentShare      CPU time of the agent's own thread, of one CPU
     */
    record Work(double piecesPerSecond, double collectionsPerSecond, double pauseNs, double nsPerPiece,
            double agentShare, CpuUse cpu) {}

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
        ThreadTimes timesFrom = threadTimes();
        Count from = count();
        Await.sleep(ms);
        Count to = count();
        ThreadTimes times = threadTimes();
        CpuUse cpu = CpuUse.of(jvm.pid()).since(cpuFrom);
        double seconds = (to.atNs - from.atNs) / 1e9;
        double ns = times.since(timesFrom, name -> !ThreadTimes.isCompiler(name));
        Samples pauses = new Samples();
        SafepointLog.read(log).since(before).safepoints().forEach(safepoint -> pauses.add(safepoint.totalNs()));
        double jitSeconds = times.since(timesFrom, ThreadTimes::isCompiler) / 1e9;
        double appSeconds = seconds - jitSeconds / Runtime.getRuntime().availableProcessors();
        double agentSeconds = times.since(timesFrom, ThreadTimes::isAgent) / 1e9;
        return new Work((to.pieces - from.pieces) / appSeconds, (to.collections - from.collections) / seconds,
                pauses.median(), ns / (to.pieces - from.pieces), agentSeconds / seconds, cpu);
    }

    /** CPU time of each of the JVM's threads so far. */
    ThreadTimes threadTimes() {
        return ThreadTimes.of(jvm.pid());
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
