package io.bpfagent.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bpfagent.it.Jdks.Jdk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs benchmarks of JMH, which {@code bin/bench} has compiled, in JVMs of their own. */
final class Jmh {
    private static final int SHOWN_BYTES = 2_000;
    private static final double NS_PER_US = 1e3;

    private final JsonArray results;

    private Jmh(JsonArray results) {
        this.results = results;
    }

    /**
     * Runs them, one after the other.
     *
     * @param include a regular expression of their names
     * @param options of JMH's command line
     */
    static Jmh run(Jdk jdk, String include, List<String> options) {
        try {
            Path json = Files.createTempFile("jmh", ".json");
            Path log = Files.createTempFile("jmh", ".log");
            List<String> command = new ArrayList<>(List.of(jdk.java().toString(), "-Xmx128m", "-cp",
                    System.getProperty("bench.jmh"), "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                    "org.openjdk.jmh.Main", include, "-rf", "json", "-rff", json.toString(), "-foe", "true"));
            command.addAll(options);
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile())
                    .start();
            int exit = process.waitFor();
            String said = Files.readString(log);
            if (exit != 0) {
                throw new AssertionError("JMH failed: " + said.substring(Math.max(0, said.length() - SHOWN_BYTES)));
            }
            return new Jmh(JsonParser.parseString(Files.readString(json)).getAsJsonArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** One value for each iteration, in the benchmark's unit. @param benchmark the method's name */
    Samples values(String benchmark, int threads) {
        Samples samples = new Samples();
        raw(result(benchmark, threads).getAsJsonObject("primaryMetric")).forEach(samples::add);
        return samples;
    }

    /** CPU time of one run in us, likewise: of benchmarks that count it. */
    Samples cpuUs(String benchmark, int threads) {
        JsonObject counted = result(benchmark, threads).getAsJsonObject("secondaryMetrics");
        List<Double> ns = raw(counted.getAsJsonObject("cpuNs"));
        List<Double> reads = raw(counted.getAsJsonObject("reads"));
        Samples samples = new Samples();
        for (int i = 0; i < ns.size(); i++) {
            samples.add(ns.get(i) / reads.get(i) / NS_PER_US);
        }
        return samples;
    }

    private static List<Double> raw(JsonObject metric) {
        List<Double> values = new ArrayList<>();
        for (JsonElement fork : metric.getAsJsonArray("rawData")) {
            fork.getAsJsonArray().forEach(value -> values.add(value.getAsDouble()));
        }
        return values;
    }

    /** Bytes that one run has allocated. */
    double bytes(String benchmark, int threads) {
        return secondary(benchmark, threads, "gc.alloc.rate.norm");
    }

    /** Of what else JMH or the benchmark has counted. */
    double secondary(String benchmark, int threads, String name) {
        return result(benchmark, threads).getAsJsonObject("secondaryMetrics").getAsJsonObject(name).get("score")
                .getAsDouble();
    }

    private JsonObject result(String benchmark, int threads) {
        for (JsonElement element : results) {
            JsonObject result = element.getAsJsonObject();
            if (result.get("benchmark").getAsString().endsWith("." + benchmark)
                    && result.getAsJsonObject("params").get("threads").getAsInt() == threads) {
                return result;
            }
        }
        throw new AssertionError("JMH has no result of " + benchmark + " with " + threads + " threads");
    }
}
