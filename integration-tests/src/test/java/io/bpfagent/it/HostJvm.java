package io.bpfagent.it;

import com.google.gson.JsonObject;
import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A JVM as a child process, as a rule with the agent in it.
 *
 * <pre>{@code
 * try (HostJvm host = HostJvm.of(jdk).jvm("-XX:+UseSerialGC").agent("interval=100ms").main(Scenes.class).start()) {
 *     host.await("on");
 *     host.send("sleep");                       // a line on its stdin
 *     host.awaitLine("done sleep");             // a line on its stdout
 *     JsonObject threads = host.threads();
 * }
 * }</pre>
 *
 * <p>One thread uses it. {@link #close} kills this JVM, and nothing else.
 */
public final class HostJvm implements AutoCloseable {
    /** For everything that takes a second on an idle machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Process process;
    private final Output out;
    private final Output err;
    private ProcessHandle jvm;
    private ControlClient control;

    HostJvm(Process process) {
        this.process = process;
        this.out = new Output(process.getInputStream(), "stdout of " + process.pid());
        this.err = new Output(process.getErrorStream(), "stderr of " + process.pid());
    }

    /** A host of this JDK, yet to be described and started. */
    public static HostCommand of(Jdks.Jdk jdk) {
        return new HostCommand(jdk);
    }

    /** The agent's jar, as the build made it. */
    public static Path agentJar() {
        return file("agent.jar");
    }

    /** The command line's jar. */
    public static Path cliJar() {
        return file("cli.jar");
    }

    private static Path file(String property) {
        Path file = Path.of(System.getProperty(property)).toAbsolutePath().normalize();
        if (!Files.isReadable(file)) {
            throw new IllegalStateException(property + " must be a file that was built, " + property + "=" + file);
        }
        return file;
    }

    /** Where the compiled workloads are: the host's class path. */
    public static Path testClasses() {
        try {
            return Path.of(HostJvm.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The JVM's pid here, whatever command was put before it. */
    public long pid() {
        if (jvm == null) {
            Await.until(PATIENCE, () -> "a JVM behind the command\n" + report(), () -> {
                jvm = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                        .filter(HostJvm::isJava).findFirst().orElse(null);
                return jvm != null || !process.isAlive();
            });
            if (jvm == null) {
                throw new AssertionError("the command ended without a JVM\n" + report());
            }
        }
        return jvm.pid();
    }

    private static boolean isJava(ProcessHandle handle) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(handle.pid()), "exe")).endsWith("bin/java");
        } catch (IOException e) {
            return false;
        }
    }

    /** Its own pid: in the innermost pid namespace. */
    public long innerPid() {
        return Long.parseLong(procStatus("NSpid").replaceFirst(".*\\s", ""));
    }

    /** A line of its {@code /proc/PID/status} without the key. */
    public String procStatus(String key) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid()), "status"))) {
            return lines.filter(line -> line.startsWith(key + ":")).findFirst().orElseThrow()
                    .substring(key.length() + 1).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The lines on stdout so far; all of them if it has ended. */
    public List<String> stdout() {
        return process.isAlive() ? out.lines() : out.all();
    }

    /** The lines on stderr so far; all of them if it has ended. */
    public List<String> stderr() {
        return process.isAlive() ? err.lines() : err.all();
    }

    /** Writes a line on its stdin. */
    public void send(String line) {
        try {
            OutputStream in = process.getOutputStream();
            in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            in.flush();
        } catch (IOException e) {
            throw new AssertionError("cannot write to the host\n" + report(), e);
        }
    }

    /** Waits for a line on stdout that begins so; the first of them. */
    public String awaitLine(String begin) {
        return awaitLine(begin, PATIENCE);
    }

    /** Waits at most that long for a line on stdout that begins so; the first of them. */
    public String awaitLine(String begin, Duration atMost) {
        Await.until(atMost, () -> "a line \"" + begin + "\"\n" + report(), () -> lineOf(begin).isPresent()
                || !isAlive());
        return lineOf(begin).orElseThrow(() -> new AssertionError("ended without a line \"" + begin + "\"\n"
                + report()));
    }

    private Optional<String> lineOf(String begin) {
        return stdout().stream().filter(line -> line.startsWith(begin)).findFirst();
    }

    /** Waits for its end; the exit code. */
    public int awaitExit() {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("the host has not ended\n" + report());
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return process.exitValue();
    }

    /** How to ask its agent. */
    public ControlClient control() {
        if (control == null) {
            control = new ControlClient(Path.of("/proc/" + pid() + "/root/tmp/.bpf-agent-" + innerPid()
                    + "/control.sock"));
        }
        return control;
    }

    /** Waits until the agent's state is that: {@code on}, {@code failed}; returns its status. */
    public JsonObject await(String state) {
        JsonObject[] status = new JsonObject[1];
        Await.until(PATIENCE, () -> "state " + state + ", status " + status[0] + "\n" + report(), () -> {
            if (!isAlive()) {
                throw new AssertionError("ended before the agent was " + state + "\n" + report());
            }
            try {
                status[0] = status();
            } catch (UncheckedIOException e) {
                return false; // not listening yet
            }
            String now = status[0].get("state").getAsString();
            if (now.equals("failed") && !state.equals("failed")) {
                throw new AssertionError("the agent has failed: " + status[0] + "\n" + report());
            }
            return now.equals(state);
        });
        return status[0];
    }

    public JsonObject status() {
        return control().get(ControlClient.request("status"));
    }

    /** Loads the agent into it, as the command line does, without waiting for it to be on. */
    public void attach(String arguments) {
        attach(agentJar(), arguments);
    }

    /** Loads any agent into it. */
    public void attach(Path agent, String arguments) {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid()));
            try {
                machine.loadAgent(agent.toString(), arguments);
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException | AgentLoadException | AgentInitializationException | IOException e) {
            throw new AssertionError("cannot attach\n" + report(), e);
        }
    }

    /** What a snapshot says that was begun after this call: it takes one interval, seldom two. */
    public Report freshReport() {
        Report[] last = {new Report(threads())};
        long[] changes = {0};
        // The first new one may have been under way already.
        Await.until(PATIENCE, () -> "two more snapshots\n" + report(), () -> {
            Report now = new Report(threads());
            changes[0] += now.wallNs() != last[0].wallNs() ? 1 : 0;
            last[0] = now;
            return changes[0] == 2;
        });
        return last[0];
    }

    /** Cumulative, as of the last snapshot. */
    public JsonObject threads() {
        return control().get(ControlClient.request("threads"));
    }

    /** All metrics of all threads, cumulative. */
    public JsonObject hist() {
        return control().get(ControlClient.request("hist"));
    }

    /** The histogram of one metric of one pool, as of the last snapshot. */
    public Histogram histogramOfPool(String metric, String pool) {
        return Histogram.only(hist(metric, pool, null));
    }

    /** The histogram of one metric of the threads of that name, as of the last snapshot. */
    public Histogram histogramOfThread(String metric, String thread) {
        return Histogram.only(hist(metric, null, thread));
    }

    /** Adds a probe; the answer, be it a refusal. */
    public JsonObject addProbe(String name, String spec) {
        JsonObject request = probeRequest("add", name);
        request.addProperty("spec", spec);
        return control().ask(request);
    }

    /** Removes a probe; the answer, be it a refusal. */
    public JsonObject removeProbe(String name) {
        return control().ask(probeRequest("remove", name));
    }

    /** The probes that were added. */
    public JsonObject probes() {
        return control().get(probeRequest("list", null));
    }

    private static JsonObject probeRequest(String action, String name) {
        JsonObject request = ControlClient.request("probe");
        request.addProperty("action", action);
        request.addProperty("name", name);
        return request;
    }

    /** Null for all metrics, for all pools, for all threads. */
    public JsonObject hist(String metric, String pool, String thread) {
        JsonObject request = ControlClient.request("hist");
        request.addProperty("metric", metric);
        request.addProperty("pool", pool);
        request.addProperty("thread", thread);
        return control().get(request);
    }

    /** The histogram of a metric of the whole process, as of the last snapshot. */
    public Histogram histogram(String metric) {
        return Histogram.only(hist(metric, null, null));
    }

    /** The histogram of one VM operation, as of the last snapshot. */
    public Histogram histogramOfOperation(String operation) {
        return Histogram.only(histOfOperation("vm_operation", operation));
    }

    /** Of one operation of a metric that consists of them, or {@code all}, as of the last snapshot. */
    public JsonObject histOfOperation(String metric, String operation) {
        JsonObject request = ControlClient.request("hist");
        request.addProperty("metric", metric);
        request.addProperty("operation", operation);
        return control().get(request);
    }

    /**
     * As {@link #pauses}, once all pauses are listed that were counted when this was called. The VM counts, and logs,
     * the last one somewhat after it has let the threads go on, and so may not have done so yet.
     */
    public PauseReport freshPauses(long after) {
        freshReport();
        PauseReport[] last = {null};
        // A pause is listed somewhat later than it is counted: who had the CPUs is known only then.
        long counted = histogram("safepoint").count();
        Await.until(PATIENCE, () -> counted + " pauses counted, listed up to " + last[0].seen() + "\n" + report(),
                () -> {
            last[0] = pauses(after);
            return last[0].seen() + last[0].loss("lost_pauses") >= counted;
        });
        return last[0];
    }

    /** The last 256 pauses with numbers above {@code after}, as of the last snapshot, oldest first. */
    public PauseReport pauses(long after) {
        JsonObject request = ControlClient.request("pauses");
        request.addProperty("last", PauseReport.MOST);
        request.addProperty("after", after);
        return new PauseReport(control().get(request));
    }

    /** The slow events that are kept, once those are there that were sent when this was called. */
    public SlowReport freshEvents() {
        freshReport();
        JsonObject request = ControlClient.request("events");
        request.addProperty("last", SlowReport.MOST);
        return new SlowReport(control().get(request));
    }

    /** Returns when nothing of the agent is left, by its own word. */
    public void detach() {
        control().get(ControlClient.request("detach"));
    }

    /** What it printed, for the message of a failure. */
    public String report() {
        return "stdout " + stdout() + "\nstderr " + stderr();
    }

    /** Kills it as {@code kill -9} does. */
    public void kill() {
        close();
    }

    /** Kills it, waits for its end, and takes away what a killed JVM leaves in the way of the next of its number. */
    @Override
    public void close() {
        List<Path> left = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(each -> Path.of("/tmp/.java_pid" + each.pid())).toList();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Path file : left) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
