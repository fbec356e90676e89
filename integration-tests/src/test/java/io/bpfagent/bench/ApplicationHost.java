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
    private static final String[] ON_FIRST_CPU = {"taskset", "-c", "0"};

    private static final int WARM_UP_WINDOW_MS = 3_000;
    /** Of one CPU. */
    private static final double WARM_JIT_SHARE = 0.02;

    private final String name;
    private final Path directory;
    private final HostJvm jvm;
    /** Null where it is its own client, and where wrk is its client. */
    private final HostJvm client;
    /** Null where it is not its client. */
    private final Wrk wrk;
    private int counts;

    /** How much was done when; ns of {@link System#nanoTime}. */
    private record Count(long done, long atNs) {}

    /** How a window began. */
    record Window(ThreadTimes times, Count count) {}

    /**
     * What was done in a window.
     *
     * @param cpuNs     CPU time of the JVM but for its compilers
     * @param jitNs     that of its compilers
     * @param agentNs   that of the agent's own thread, which is in {@code cpuNs} too
     * @param latencies as a client saw them, or null
     */
    record Work(long done, long ns, long cpuNs, long jitNs, long agentNs, Wrk.Latencies latencies) {
        /** Of which no client says how long it took. */
        Work(long done, long ns, long cpuNs, long jitNs, long agentNs) {
            this(done, ns, cpuNs, jitNs, agentNs, null);
        }

        /** This and what was done in another window, of which no client says how long it took. */
        Work plus(Work other) {
            return new Work(done + other.done, ns + other.ns, cpuNs + other.cpuNs, jitNs + other.jitNs,
                    agentNs + other.agentNs);
        }

        /** CPU time of the JVM for each, but for its compilers; us. */
        double cpuUs() {
            return cpuNs / 1e3 / done;
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
        return httpServer(jdk, answers, CONNECTIONS);
    }

    private static ApplicationHost httpServer(Jdk jdk, String answers, int connections, String... prefix) {
        Path directory = directory();
        HostJvm server = server(jdk, answers, directory, prefix);
        HostJvm client = HostJvm.of(jdk).prefix(prefix).jvm("-XX:+UseSerialGC")
                .main(HttpClientLoad.class, port(server), Integer.toString(connections)).start();
        client.awaitLine("ready");
        return new ApplicationHost(serverName(jdk, answers), directory, server, client, null);
    }

    /** As {@link #httpServer}, with half of the connections, on the first CPU alone. */
    static ApplicationHost halfHttpServer(Jdk jdk, String answers) {
        return httpServer(jdk, answers, CONNECTIONS / 2, ON_FIRST_CPU);
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

    private static HostJvm server(Jdk jdk, String answers, Path directory, String... prefix) {
        return in(directory, jdk, prefix).main(HttpServerLoad.class, answers, directory.toString()).start();
    }

    private static String port(HostJvm server) {
        return server.awaitLine("ready").split(" ")[1];
    }

    private static String serverName(Jdk jdk, String answers) {
        return "HTTP server (Jetty), a " + answers + ", " + jdk;
    }

    /** With what a Flight Recorder leaves in a directory that is deleted. */
    private static HostCommand in(Path directory, Jdk jdk, String... prefix) {
        HostCommand command = HostJvm.of(jdk).prefix(prefix).classPath(libraries())
                .jvm("-XX:FlightRecorderOptions=repository=" + directory);
        // With the collector that it has where it has more than one CPU.
        return prefix.length == 0 ? command : command.jvm("-XX:ActiveProcessorCount=2");
    }

    /** An H2 with its database in a file, and threads with transactions. */
    static ApplicationHost database(Jdk jdk) {
        return database(jdk, TELLERS);
    }

    /** As {@link #database}, with half of the threads, on the first CPU alone. */
    static ApplicationHost halfDatabase(Jdk jdk) {
        return database(jdk, TELLERS / 2, ON_FIRST_CPU);
    }

    private static ApplicationHost database(Jdk jdk, int tellers, String... prefix) {
        Path directory = directory();
        HostJvm jvm = in(directory, jdk, prefix)
                .main(DatabaseLoad.class, directory.toString(), Integer.toString(tellers)).start();
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
    }

    /** What is done in so many ms, with whatever others take of the CPUs meanwhile; of wrk in whole seconds. */
    Work work(int ms) {
        Window window = open();
        if (wrk == null) {
            Await.sleep(ms);
            return close(window, null);
        }
        return close(window, wrk.ask(ms / 1_000));
    }

    /** A window of one that wrk does not ask; it is open until {@link #close(Window)}. */
    Window open() {
        ThreadTimes times = ThreadTimes.of(jvm.pid());
        ownLatencies();
        return new Window(times, count());
    }

    /** What was done since then. */
    Work close(Window window) {
        return close(window, null);
    }

    private Work close(Window window, Wrk.Answers answers) {
        ThreadTimes times = ThreadTimes.of(jvm.pid());
        Count to = count();
        Wrk.Latencies latencies = answers == null ? ownLatencies() : answers.latencies();
        if (to.done == window.count.done || client != null && !client.isAlive()) {
            throw new AssertionError(name + " does nothing any more: " + jvm.report()
                    + (client == null ? "" : "\n" + client.report()));
        }
        // The client's own count is without its start.
        long done = answers == null ? to.done - window.count.done : answers.requests();
        long ns = answers == null ? to.atNs - window.count.atNs : answers.ns();
        return new Work(done, ns, times.since(window.times, thread -> !ThreadTimes.isCompiler(thread)),
                times.since(window.times, ThreadTimes::isCompiler), times.since(window.times, ThreadTimes::isAgent),
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
