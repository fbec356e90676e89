package io.bpfagent.it.peers;

import io.bpfagent.it.Await;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.Output;
import io.bpfagent.it.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A tool of libbpf-tools while it runs.
 *
 * <pre>{@code
 * try (PeerTool runqlat = PeerTool.start("runqlat", "-p", pid)) {
 *     runqlat.awaitAttached(3);
 *     ...                                       // what it and the agent are to see
 *     List<String> histogram = runqlat.end();
 * }
 * }</pre>
 *
 * <p>It sees tracefs, which some of them need, whether the machine has mounted it or not. One thread uses it.
 * {@link #close} kills this tool, and nothing else.
 */
final class PeerTool implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** In a mount namespace of its own, so that nobody else gets to see what it mounts. */
    private static final String WITH_TRACEFS =
            "[ -e /sys/kernel/tracing/events ] || mount -t tracefs none /sys/kernel/tracing; exec \"$@\"";

    private final String name;
    private final Process process;
    private final Output out;
    private final Output err;

    private PeerTool(String name, Process process) {
        this.name = name;
        this.process = process;
        this.out = new Output(process.getInputStream(), "stdout of " + name);
        this.err = new Output(process.getErrorStream(), "stderr of " + name);
    }

    /** Starts it; it needs some time yet until it sees anything. */
    static PeerTool start(String name, String... arguments) {
        // A line is to be there when it is printed, not when 4,096 bytes of them have come together.
        List<String> command = new ArrayList<>(List.of(Tools.find("unshare").toString(), "--mount", "--propagation",
                "private", "sh", "-c", WITH_TRACEFS, name, Tools.find("stdbuf").toString(), "--output=L",
                Tools.find(name).toString()));
        command.addAll(List.of(arguments));
        try {
            return new PeerTool(name, new ProcessBuilder(command).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until so many of its programs are attached. */
    void awaitAttached(int links) {
        Await.until(PATIENCE, () -> links + " programs attached" + report(), () -> {
            assertAlive();
            return held().links().size() >= links;
        });
    }

    /** What it has in the kernel. */
    OurBpf held() {
        return OurBpf.heldBy(process.pid());
    }

    /**
     * Lets something happen until the tool tells of it, and once more: now it sees what happens, and has told what has
     * happened before, on whichever CPU.
     *
     * @param line which of its lines is about that
     */
    void awaitTold(Runnable event, Predicate<String> line) {
        for (int i = 0; i < 2; i++) {
            long before = lines(line);
            Await.until(PATIENCE, () -> "the test's own event told" + report(), () -> {
                assertAlive();
                event.run();
                return lines(line) > before;
            });
        }
    }

    private long lines(Predicate<String> which) {
        return lines().stream().filter(which).count();
    }

    private void assertAlive() {
        if (!process.isAlive()) {
            throw new AssertionError(name + " has ended by itself" + report());
        }
    }

    /** What it has printed so far. */
    List<String> lines() {
        return out.lines();
    }

    /** Ends it as Ctrl-C does; all that it has printed, where that is what it prints at its end. */
    List<String> end() {
        try {
            Tools.run("kill", "-INT", Long.toString(process.pid()));
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError(name + " does not end" + report());
            }
            return out.all();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** For the message of a failure. */
    private String report() {
        return "\nstdout of " + name + " " + out.lines() + "\nstderr of " + name + " " + err.lines();
    }

    /** Kills it, if it still runs. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
