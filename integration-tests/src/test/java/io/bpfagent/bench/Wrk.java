package io.bpfagent.bench;

import io.bpfagent.it.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Debian's wrk, started anew for each window: one thread, connections that it keeps, and on each one request after the
 * other. What it prints is rounded; its script is told the numbers.
 */
final class Wrk {
    private static final int CONNECTIONS = 16;
    private static final String SCRIPT = """
            done = function(summary, latency, requests)
                local errors = summary.errors
                io.write(string.format("told requests=%d us=%d failed=%d p50=%d p99=%d p99.9=%d\\n", summary.requests,
                    summary.duration, errors.connect + errors.read + errors.write + errors.status + errors.timeout,
                    latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
            end
            """;
    private static final Pattern TOLD = Pattern.compile(
            "(?m)^told requests=(\\d+) us=(\\d+) failed=(\\d+) p50=(\\d+) p99=(\\d+) p99\\.9=(\\d+)$");
    /** More than it ever takes to end. */
    private static final long PATIENCE_S = 30;

    private final String url;
    private final Path script;

    /**
     * What a window's requests were, as their client sees them.
     *
     * @param latencies from when a request was sent until its answer had come
     */
    record Answers(long requests, long ns, Latencies latencies) {}

    /** Percentiles, us. */
    record Latencies(double p50, double p99, double p999) {
        /** Halfway between two. */
        static Latencies between(Latencies one, Latencies other) {
            return new Latencies((one.p50 + other.p50) / 2, (one.p99 + other.p99) / 2, (one.p999 + other.p999) / 2);
        }
    }

    /** @param url what it asks for */
    Wrk(String url) {
        this.url = url;
        try {
            script = Files.writeString(Files.createTempFile("bpf-agent-bench", ".lua"), SCRIPT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Why it cannot be had here; null when it can. */
    static String missing() {
        try {
            Tools.find("wrk");
            return null;
        } catch (AssertionError e) {
            return "it is not installed (Debian: wrk)";
        }
    }

    /** Asks for so many seconds, at least one. */
    Answers ask(int seconds) {
        List<String> command = List.of(Tools.find("wrk").toString(), "-t1", "-c" + CONNECTIONS,
                "-d" + Math.max(1, seconds) + "s", "-s", script.toString(), url);
        Process process = null;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                throw new AssertionError("wrk does not end: " + out);
            }
            return answers(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }

    /**
     * What it has printed, read.
     *
     * @throws AssertionError if a request has failed, or none was answered
     */
    static Answers answers(String out) {
        Matcher told = TOLD.matcher(out);
        if (!told.find() || number(told, 1) == 0 || number(told, 3) > 0) {
            throw new AssertionError("wrk was not answered: " + out);
        }
        return new Answers(number(told, 1), 1_000 * number(told, 2),
                new Latencies(number(told, 4), number(told, 5), number(told, 6)));
    }

    private static long number(Matcher told, int group) {
        return Long.parseLong(told.group(group));
    }
}
