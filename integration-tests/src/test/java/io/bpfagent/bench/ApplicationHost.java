package io.bpfagent.bench;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostCommand;
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
    /** Null where it is its own client, and where wrk is its client. */
    private final HostJvm client;
    /** Null where it is not its client. */
    private final Wrk wrk;
    /** What others took beside it, window by window: some of it is its own, as what the kernel does for it later. */
    private final Samples others = new Samples();
    private int counts;

    /** How much was done when; ns of {@link System#nanoTime}. */
    private record Count(long done, long atNs) {}

    /**
     * What was done in a window.
     *
     * @param cpuNs     CPU time of the JVM but for its compilers
     * @param jitNs     that of its compilers
     * @param agentNs   that of the agent's own thread, which is in {@code cpuNs} too
     * @param latencies as a client saw them, or null
     */
    record Work(long done, long ns, long cpuNs, long jitNs, long agentNs, CpuUse cpu, Wrk.Latencies latencies) {
        /** Of which no client says how long it took. */
        Work(long done, long ns, long cpuNs, long jitNs, long agentNs, CpuUse cpu) {
            this(done, ns, cpuNs, jitNs, agentNs, cpu, null);
        }
    }

    private ApplicationHost(String name, Path directory, HostJvm jvm, HostJvm client, Wrk wrk) {
        this.name = name;
        this.directory = directory;
        this.jvm = jvm;
        this.client = client;
        this.wrk = wrk;
    }

    /**
     * A Jetty, and a client with connections that it keeps.
     *
     * @param answers {@code page} or {@code word}
     */
    static ApplicationHost httpServer(Jdk jdk, String answers) {
        Path directory = directory();
        HostJvm server = server(jdk, answers, directory);
        HostJvm client = HostJvm.of(jdk).jvm("-XX:+UseSerialGC")
                .main(HttpClientLoad.class, port(server), Integer.toString(CONNECTIONS)).start();
        client.awaitLine("ready");
        return new ApplicationHost(serverName(jdk, answers), directory, server, client, null);
    }

    /**
     * A Jetty that wrk asks, window by window, so that the client says how long it waits; nobody asks it in between.
     *
     * @param answers {@code page} or {@code word}
     */
    static ApplicationHost httpServerOfWrk(Jdk jdk, String answers) {
        Path directory = directory();
        HostJvm server = server(jdk, answers, directory);
        return new ApplicationHost(serverName(jdk, answers), directory, server, null,
                new Wrk("http://127.0.0.1:" + port(server) + "/page?visitor-1"));
    }

    private static HostJvm server(Jdk jdk, String answers, Path directory) {
        return in(directory, jdk).main(HttpServerLoad.class, answers, directory.toString()).start();
    }

    private static String port(HostJvm server) {
        return server.awaitLine("ready").split(" ")[1];
    }

    private static String serverName(Jdk jdk, String answers) {
        return "HTTP server (Jetty), a " + answers + ", " + jdk;
    }

    /** With what a Flight Recorder leaves in a directory that is deleted. */
    private static HostCommand in(Path directory, Jdk jdk) {
        return HostJvm.of(jdk).classPath(libraries()).jvm("-XX:FlightRecorderOptions=repository=" + directory);
    }

    /** An H2 with its database in a file, and threads with transactions. */
    static ApplicationHost database(Jdk jdk) {
        Path directory = directory();
        HostJvm jvm = in(directory, jdk)
                .main(DatabaseLoad.class, directory.toString(), Integer.toString(TELLERS)).start();
        jvm.awaitLine("ready");
        return new ApplicationHost("SQL database (H2), " + jdk, directory, jvm, null, null);
    }

    /** All that the build has put there, but for the profiler. */
    private static Path[] libraries() {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("bench.applications")))) {
            return files.filter(file -> !file.endsWith(AsyncProfiler.JAR_NAME)).map(Path::toAbsolutePath).sorted()
                    .toArray(Path[]::new);
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

    /** What is done in so many ms, with whatever others take of the CPUs meanwhile; of wrk in whole seconds. */
    Work work(int ms) {
        long[] pids = client == null ? new long[] {jvm.pid()} : new long[] {jvm.pid(), client.pid()};
        CpuUse cpuFrom = CpuUse.of(pids);
        ThreadTimes timesFrom = ThreadTimes.of(jvm.pid());
        ownLatencies();
        Count from = count();
        Wrk.Answers answers = null;
        if (wrk == null) {
            Await.sleep(ms);
        } else {
            answers = wrk.ask(ms / 1_000);
        }
        ThreadTimes times = ThreadTimes.of(jvm.pid());
        Count to = count();
        Wrk.Latencies latencies = answers == null ? ownLatencies() : answers.latencies();
        CpuUse cpu = CpuUse.of(pids).since(cpuFrom);
        others.add(cpu.othersShare());
        if (to.done == from.done || client != null && !client.isAlive()) {
            throw new AssertionError(name + " does nothing any more: " + jvm.report()
                    + (client == null ? "" : "\n" + client.report()));
        }
        // The client's own count is without its start.
        long done = answers == null ? to.done - from.done : answers.requests();
        long ns = answers == null ? to.atNs - from.atNs : answers.ns();
        return new Work(done, ns, times.since(timesFrom, thread -> !ThreadTimes.isCompiler(thread)),
                times.since(timesFrom, ThreadTimes::isCompiler), times.since(timesFrom, ThreadTimes::isAgent), cpu,
                latencies);
    }

    /** Since they were asked for last, of one that is its own client; else null. */
    private Wrk.Latencies ownLatencies() {
        if (client != null || wrk != null) {
            return null;
        }
        String question = "latencies " + counts++ + " ";
        jvm.send(question);
        String[] words = jvm.awaitLine(question).split(" +");
        return new Wrk.Latencies(Double.parseDouble(words[2]), Double.parseDouble(words[3]),
                Double.parseDouble(words[4]));
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
