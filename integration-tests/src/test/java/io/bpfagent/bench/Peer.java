package io.bpfagent.bench;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** A tool of libbpf-tools, or bpftrace, told to watch one process. */
final class Peer implements Watcher {
    private static final String PID = "PID";
    /**
     * What runqlat does, by thread too: of the threads that have left a CPU once, since the kernel's events have no
     * process.
     */
    private static final String RUN_QUEUE = """
            tracepoint:sched:sched_wakeup, tracepoint:sched:sched_wakeup_new
            /@ours[args->pid]/ { @queued[args->pid] = nsecs; }
            tracepoint:sched:sched_switch {
                if (pid == PID) {
                    @ours[tid] = 1;
                    if ((args->prev_state & 255) == 0) { @queued[tid] = nsecs; }
                }
                $queued = @queued[args->next_pid];
                if ($queued) {
                    @us[args->next_pid] = hist((nsecs - $queued) / 1000);
                    delete(@queued[args->next_pid]);
                }
            }
            """;
    /** Some of them need it. In a mount namespace of its own, so that nobody else gets to see what it mounts. */
    private static final String WITH_TRACEFS =
            "[ -e /sys/kernel/tracing/events ] || mount -t tracefs none /sys/kernel/tracing; exec \"$@\"";
    /** bpftrace compiles its programs first. */
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(30);

    private final String name;
    private final String debianPackage;
    private final String tool;
    private final String[] arguments;
    /** Whether it has no argument that ends it. */
    private final boolean endless;
    private Process process;
    private CompletableFuture<String> out;

    /** @param arguments for the tool; {@code PID} stands for the JVM's. It must end by itself within a minute or so. */
    Peer(String tool, String... arguments) {
        this(tool + (Arrays.asList(arguments).contains("-L") ? " -L" : ""), "libbpf-tools", false, tool, arguments);
    }

    private Peer(String name, String debianPackage, boolean endless, String tool, String... arguments) {
        this.name = name;
        this.debianPackage = debianPackage;
        this.endless = endless;
        this.tool = tool;
        this.arguments = arguments;
    }

    /** Run-queue latency by thread. */
    static Peer runqlat() {
        return new Peer("runqlat", "-p", PID, "-L", "60", "1");
    }

    /** Time on the CPU by thread. */
    static Peer cpudist() {
        return new Peer("cpudist", "-p", PID, "-L", "60", "1");
    }

    /** Time off the CPU by stack. */
    static Peer offcputime() {
        return new Peer("offcputime", "-p", PID, "60");
    }

    /** Calls of the kernel, and how long they take. */
    static Peer syscount() {
        return new Peer("syscount", "-p", PID, "-L", "-d", "60");
    }

    /** Collections, by HotSpot's probes. */
    static Peer javagc() {
        return new Peer("javagc", "libbpf-tools", true, "javagc", "-p", PID);
    }

    /** Run-queue latency by thread, in bpftrace's language. */
    static Peer bpftrace() {
        return new Peer("bpftrace, as runqlat -L", "bpftrace", true, "bpftrace", "-e", RUN_QUEUE);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String missing() {
        try {
            Tools.find(tool);
            return null;
        } catch (AssertionError e) {
            return "it is not installed (Debian: " + debianPackage + ")";
        }
    }

    @Override
    public void start(HostJvm jvm) {
        String pid = Long.toString(jvm.pid());
        List<String> command = new ArrayList<>(List.of(Tools.find("unshare").toString(), "--mount", "--propagation",
                "private", "sh", "-c", WITH_TRACEFS, tool));
        if (endless) {
            // Also when nobody is left who could end it.
            command.addAll(List.of(Tools.find("timeout").toString(), "60"));
        }
        command.add(Tools.find(tool).toString());
        Arrays.stream(arguments).map(word -> word.replace(PID, pid)).forEach(command::add);
        try {
            // On stderr offcputime names every library whose symbols it cannot read.
            process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Read all the time: who cannot write does not end either.
        out = CompletableFuture.supplyAsync(() -> {
            try {
                return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        AtomicReference<Set<Integer>> before = new AtomicReference<>(Set.of());
        try {
            // Twice the same ones: bpftrace first loads programs that tell it what the kernel has.
            Await.until(STARTS_WITHIN, () -> "programs of " + name + " in the kernel", () -> {
                if (!process.isAlive()) {
                    throw new AssertionError(name + " has ended at once, exit code " + process.exitValue());
                }
                Set<Integer> now = programs();
                return now.equals(before.getAndSet(now)) && !now.isEmpty();
            });
        } catch (AssertionError e) {
            end("-TERM");
            throw e;
        }
    }

    @Override
    public Set<Integer> programs() {
        Set<Integer> programs = new TreeSet<>();
        processes().forEach(one -> {
            try {
                programs.addAll(OurBpf.heldBy(one.pid()).programs());
            } catch (UncheckedIOException e) {
                return; // it has ended
            }
        });
        return programs;
    }

    /** It, and the tool where that is another one. */
    private Stream<ProcessHandle> processes() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    /** @throws AssertionError if it has ended before, and so has not watched until now */
    @Override
    public void stop() {
        if (!process.isAlive()) {
            throw new AssertionError(name + " has ended by itself, exit code " + process.exitValue());
        }
        // Not as Ctrl-C does, after which it would print for some seconds.
        end("-TERM");
    }

    /** Ends it as Ctrl-C does; what it has printed. */
    String output() {
        return end("-INT");
    }

    private String end(String signal) {
        try {
            new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
            // Printing 1,000 stacks with symbols takes some seconds.
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                processes().toList().forEach(ProcessHandle::destroyForcibly);
            }
            return out.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
