package io.bpfagent.it.exports;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Asks a Prometheus server. What it refuses fails the test, with its words. */
public final class PromQuery {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE).build();
    private final URI server;

    /**
     * One value of those that a series counts.
     *
     * @param series with {@code __name__}
     * @param labels its own
     */
    public record Exemplar(Map<String, String> series, Map<String, String> labels, double value) {}

    PromQuery(URI server) {
        this.server = server;
    }

    /**
     * One element of an instant vector.
     *
     * @param labels    without {@code __name__}, where it had one
     * @param value     NaN of a native histogram
     * @param histogram null of a number
     */
    public record Sample(Map<String, String> labels, double value, PromHistogram histogram) {}

    /** Whether it answers queries yet. */
    boolean isReady() {
        try {
            return get("/-/ready").statusCode() == 200;
        } catch (UncheckedIOException e) {
            return false; // not listening yet
        }
    }

    /** The whole answer to an instant query, as of now. */
    public JsonObject ask(String expression) {
        return json("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8), expression);
    }

    /** What it keeps under that path of its API: {@code rules}, {@code targets}. */
    public JsonObject api(String path) {
        return json("/api/v1/" + path, path);
    }

    /** Has it write a block of all that it has; its directory's name. */
    String makeSnapshot() {
        String path = "/api/v1/admin/tsdb/snapshot";
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path))
                .POST(HttpRequest.BodyPublishers.noBody());
        return data(send(request), path).getAsJsonObject().get("name").getAsString();
    }

    private JsonObject json(String path, String what) {
        return data(get(path), what).getAsJsonObject();
    }

    private static JsonElement data(HttpResponse<String> response, String what) {
        JsonObject answer = JsonParser.parseString(response.body()).getAsJsonObject();
        if (!answer.get("status").getAsString().equals("success")) {
            throw new AssertionError(what + ": " + answer);
        }
        return answer.get("data");
    }

    private HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(server.resolve(path)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The elements of an expression's instant vector, or its one scalar. */
    public List<Sample> samples(String expression) {
        JsonObject data = ask(expression);
        if (data.get("resultType").getAsString().equals("scalar")) {
            return List.of(new Sample(Map.of(), number(data.getAsJsonArray("result")), null));
        }
        List<Sample> samples = new ArrayList<>();
        for (JsonElement element : data.getAsJsonArray("result")) {
            JsonObject sample = element.getAsJsonObject();
            Map<String, String> labels = labels(sample.getAsJsonObject("metric"));
            labels.remove("__name__");
            JsonArray histogram = sample.getAsJsonArray("histogram");
            samples.add(histogram == null ? new Sample(labels, number(sample.getAsJsonArray("value")), null)
                    : new Sample(labels, Double.NaN, PromHistogram.of(histogram.get(1).getAsJsonObject())));
        }
        return samples;
    }

    private static Map<String, String> labels(JsonObject of) {
        Map<String, String> labels = new TreeMap<>();
        of.entrySet().forEach(label -> labels.put(label.getKey(), label.getValue().getAsString()));
        return labels;
    }

    /** All exemplars that it keeps of the series of a selector. */
    public List<Exemplar> exemplars(String selector) {
        long later = System.currentTimeMillis() / 1000 + PATIENCE.toSeconds();
        String path = "/api/v1/query_exemplars?start=0&end=" + later + "&query="
                + URLEncoder.encode(selector, StandardCharsets.UTF_8);
        List<Exemplar> exemplars = new ArrayList<>();
        for (JsonElement series : data(get(path), selector).getAsJsonArray()) {
            for (JsonElement element : series.getAsJsonObject().getAsJsonArray("exemplars")) {
                JsonObject exemplar = element.getAsJsonObject();
                exemplars.add(new Exemplar(labels(series.getAsJsonObject().getAsJsonObject("seriesLabels")),
                        labels(exemplar.getAsJsonObject("labels")), exemplar.get("value").getAsDouble()));
            }
        }
        return exemplars;
    }

    /** Of a pair of time and number. */
    private static double number(JsonArray pair) {
        String text = pair.get(1).getAsString();
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    /** The only element of an expression. */
    public Sample only(String expression) {
        List<Sample> samples = samples(expression);
        if (samples.size() != 1) {
            throw new AssertionError(expression + " has " + samples.size() + " elements: " + samples);
        }
        return samples.get(0);
    }

    /** The number that is the only element of an expression. */
    public double number(String expression) {
        return only(expression).value();
    }

    /** The native histogram that is the only element of an expression. */
    public PromHistogram histogram(String expression) {
        Sample sample = only(expression);
        if (sample.histogram() == null) {
            throw new AssertionError(expression + " is no native histogram: " + sample);
        }
        return sample.histogram();
    }
}
