package io.bpfagent.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bpfagent.it.Await;
import io.bpfagent.it.ControlClient;
import io.bpfagent.it.HostJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How long a user waits who attaches the agent to a JVM that runs already, ms since the command was asked for.
 *
 * @param dataMs    until the control socket tells of a thread that some time has passed for it, within 20 ms
 * @param commandMs until {@code attach-cli PID} has ended
 */
record FirstData(double dataMs, double commandMs) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Attaches it, with its defaults; it is there afterwards. */
    static FirstData of(HostJvm jvm) {
        // As bin/attach-cli starts it.
        List<String> words = List.of(System.getProperty("java.home") + "/bin/java", "-XX:+UseSerialGC", "-Xms16m",
                "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-jar", HostJvm.cliJar().toString(),
                Long.toString(jvm.pid()));
        Process command = null;
        try {
            long askedNs = System.nanoTime();
            // Whatever it prints a pipe holds.
            command = new ProcessBuilder(words).redirectErrorStream(true).start();
            Process started = command;
            CompletableFuture<Long> endedNs = started.onExit().thenApply(process -> System.nanoTime());
            Await.until(PATIENCE, () -> "first data\n" + jvm.report(), () -> hasData(jvm) || hasFailed(started));
            long dataNs = System.nanoTime();
            long commandNs = endedNs.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (hasFailed(started)) {
                throw new AssertionError("attach-cli has failed: "
                        + new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            }
            return new FirstData((dataNs - askedNs) / 1e6, (commandNs - askedNs) / 1e6);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("attach-cli does not end", e);
        } finally {
            if (command != null) {
                command.destroyForcibly();
            }
        }
    }

    /** From when the command had ended, ms; less than 0 where data came first. */
    double afterCommandMs() {
        return dataMs - commandMs;
    }

    private static boolean hasFailed(Process command) {
        return !command.isAlive() && command.exitValue() != 0;
    }

    private static boolean hasData(HostJvm jvm) {
        try {
            return hasData(jvm.control().ask(ControlClient.request("threads")));
        } catch (UncheckedIOException e) {
            return false; // nobody listens yet
        }
    }

    /** Whether a {@code threads} document, or what an agent answers that has none yet, tells of time that passed. */
    static boolean hasData(JsonObject answer) {
        JsonArray threads = answer.getAsJsonArray("threads");
        if (threads != null) {
            for (JsonElement thread : threads) {
                if (thread.getAsJsonObject().get("wallNs").getAsLong() > 0) {
                    return true;
                }
            }
        }
        return false;
    }
}
