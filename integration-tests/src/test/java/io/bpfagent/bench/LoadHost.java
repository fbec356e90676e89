package io.bpfagent.bench;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A JVM that runs {@link Load}. */
final class LoadHost implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern LOAD_RUNS = Pattern.compile("\\((handover|computer)-.*\\) [^S]");

    private final HostJvm jvm;
    private int counts;

    /** How many handovers there had been when; ns of the clock of {@link System#nanoTime}. */
    record Count(long handovers, long atNs) {
        double perSecondSince(Count earlier) {
            return (handovers - earlier.handovers) * 1e9 / (atNs - earlier.atNs);
        }
    }

    LoadHost(Jdk jdk, int pairs, int computers) {
        jvm = HostJvm.of(jdk).main(Load.class, Integer.toString(pairs), Integer.toString(computers)).start();
        jvm.awaitLine("ready");
    }

    HostJvm jvm() {
        return jvm;
    }

    /** Begins; the JIT compilers need some seconds for what it runs. */
    void go() {
        jvm.send("go");
    }

    /** Returns when all its threads are parked, also as the kernel sees it. */
    void stop() {
        jvm.send("stop");
        Await.sleep(100);
        Await.until(PATIENCE, () -> "all threads parked", this::isParked);
    }

    private boolean isParked() {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + jvm.pid() + "/task"))) {
            return tasks.allMatch(LoadHost::isNoLoad);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the task is another thread of the JVM's, or sleeps. */
    private static boolean isNoLoad(Path task) {
        try {
            // pid (comm) state: proc(5)
            return !LOAD_RUNS.matcher(Files.readString(task.resolve("stat"))).find();
        } catch (IOException e) {
            return true; // it has ended
        }
    }

    Count count() {
        String question = "count " + counts++;
        jvm.send(question);
        String[] words = jvm.awaitLine(question + " ").split(" ");
        return new Count(Long.parseLong(words[2]), Long.parseLong(words[3]));
    }

    @Override
    public void close() {
        jvm.close();
    }
}
