package io.bpfagent.bench;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** An application in a JVM of its own, under as much load as it can take; who asks it is another JVM. */
final class ApplicationHost implements AutoCloseable {
    /** More than there are CPUs, so that all of them are busy. */
    private static final int CONNECTIONS = 16;
    private static final int TELLERS = 4;
    /** A window in which others had the CPUs is measured again, at most so often. */
    private static final int TRIES = 3;

    private static final int WARM_UP_WINDOW_MS = 3_000;
    /** Of one CPU. */
    private static final double WARM_JIT_SHARE = 0.02;
    /** Then much of the application has just been thrown out of compiled code, as happens now and then. */
    private static final double BUSY_JIT_SHARE = 0.1;

    private final String name;
    private final Path directory;
    private final HostJvm jvm;
    /** Null where it is its own client. */
    private final HostJvm client;
    /** What others took beside it, window by window: some of it is its own, as what the kernel does for it later. */
    private final Samples others = new Samples();
    private int counts;

    /** How much was done when; ns of {@link System#nanoTime}. */
    private record Count(long done, long atNs) {}

    /**
     * What was done in a window.
     *
     * @param cpuNs   CPU time of the JVM but for its compilers
     * @param jitNs   that of its compilers
     * @param agentNs that of the agent's own thread, which is in {@code cpuNs} too
     */
    record Work(long done, long ns, long cpuNs, long jitNs, long agentNs, CpuUse cpu) {}

    private ApplicationHost(String name, Path directory, HostJvm jvm, HostJvm client) {
        this.name = name;
        this.directory = directory;
        this.jvm = jvm;
        this.client = client;
    }

    /**
     * A Jetty, and a client with connections that it keeps.
     *
     * @param answers {@code page} or {@code word}
     */
    static ApplicationHost httpServer(Jdk jdk, String answers) {
        Path directory = directory();
        HostJvm server = HostJvm.of(jdk).classPath(libraries())
                .main(HttpServerLoad.class, answers, directory.toString()).start();
        String port = server.awaitLine("ready").split(" ")[1];
        HostJvm client = HostJvm.of(jdk).jvm("-XX:+UseSerialGC")
                .main(HttpClientLoad.class, port, Integer.toString(CONNECTIONS)).start();
        client.awaitLine("ready");
        return new ApplicationHost("HTTP server (Jetty), a " + answers + ", " + jdk, directory, server, client);
    }

    /** An H2 with its database in a file, and threads with transactions. */
    static ApplicationHost database(Jdk jdk) {
        Path directory = directory();
        HostJvm jvm = HostJvm.of(jdk).classPath(libraries())
                .main(DatabaseLoad.class, directory.toString(), Integer.toString(TELLERS)).start();
        jvm.awaitLine("ready");
        return new ApplicationHost("SQL database (H2), " + jdk, directory, jvm, null);
    }

    /** All that the build has put there. */
    private static Path[] libraries() {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("bench.applications")))) {
            return files.map(Path::toAbsolutePath).sorted().toArray(Path[]::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path directory() {
        try {
            return Files.createTempDirectory("bpf-agent-bench");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For a table. */
    String name() {
        return name;
    }

    HostJvm jvm() {
        return jvm;
    }

    /** Returns when the compilers have little left to do, or after so many ms. */
    void warmUp(int atMostMs) {
        long beganNs = System.nanoTime();
        Work work;
        do {
            work = work(WARM_UP_WINDOW_MS);
        } while (work.jitNs > WARM_JIT_SHARE * work.ns && System.nanoTime() - beganNs < atMostMs * 1_000_000L);
        others.clear();
    }

    /** What is done in so many ms, if possible some in which neither others nor the compilers take more than mostly. */
    Work quietWork(int ms) {
        Work best = work(ms);
        for (int i = 1; i < TRIES && !isQuiet(best); i++) {
            Work again = work(ms);
            best = isQuiet(again) || again.cpu().othersShare() < best.cpu().othersShare() ? again : best;
        }
        return best;
    }

    private boolean isQuiet(Work work) {
        return work.cpu().isQuiet(others.median()) && work.jitNs < BUSY_JIT_SHARE * work.ns;
    }

    private Work work(int ms) {
        long[] pids = client == null ? new long[] {jvm.pid()} : new long[] {jvm.pid(), client.pid()};
        CpuUse cpuFrom = CpuUse.of(pids);
        ThreadTimes timesFrom = ThreadTimes.of(jvm.pid());
        Count from = count();
        Await.sleep(ms);
        ThreadTimes times = ThreadTimes.of(jvm.pid());
        Count to = count();
        CpuUse cpu = CpuUse.of(pids).since(cpuFrom);
        others.add(cpu.othersShare());
        if (to.done == from.done || client != null && !client.isAlive()) {
            throw new AssertionError(name + " does nothing any more: " + jvm.report()
                    + (client == null ? "" : "\n" + client.report()));
        }
        return new Work(to.done - from.done, to.atNs - from.atNs,
                times.since(timesFrom, thread -> !ThreadTimes.isCompiler(thread)),
                times.since(timesFrom, ThreadTimes::isCompiler), times.since(timesFrom, ThreadTimes::isAgent), cpu);
    }

    private Count count() {
        String question = "count " + counts++ + " ";
        jvm.send(question);
        String[] words = jvm.awaitLine(question).split(" +");
        return new Count(Long.parseLong(words[2]), Long.parseLong(words[3]));
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
        jvm.close();
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
