package io.bpfagent.bench;

import io.bpfagent.it.HostJvm;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A tool of libbpf-tools, told to watch one process. */
final class Peer implements Watcher {
    private static final String PID = "PID";

    private final String tool;
    private final String[] arguments;
    private Process process;
    private CompletableFuture<String> out;

    /** @param arguments for the tool; {@code PID} stands for the JVM's. It must end by itself within a minute or so. */
    Peer(String tool, String... arguments) {
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

    @Override
    public String name() {
        return tool + (Arrays.asList(arguments).contains("-L") ? " -L" : "");
    }

    @Override
    public String missing() {
        try {
            Tools.find(tool);
            return null;
        } catch (AssertionError e) {
            return "it is not installed (Debian: libbpf-tools)";
        }
    }

    @Override
    public void start(HostJvm jvm) {
        String pid = Long.toString(jvm.pid());
        List<String> command = new ArrayList<>(List.of(Tools.find(tool).toString()));
        Arrays.stream(arguments).map(word -> word.equals(PID) ? pid : word).forEach(command::add);
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
    }

    @Override
    public Set<Integer> programs() {
        return OurBpf.heldBy(process.pid()).programs();
    }

    @Override
    public void stop() {
        output();
    }

    /** Ends it as Ctrl-C does; what it has printed. */
    String output() {
        try {
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
            // Printing 1,000 stacks with symbols takes some seconds.
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            return out.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
