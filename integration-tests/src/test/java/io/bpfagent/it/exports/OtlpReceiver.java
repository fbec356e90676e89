package io.bpfagent.it.exports;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Takes exports by OTLP, decodes them with the classes made of the protocol's own definition, and keeps the last one.
 */
final class OtlpReceiver implements AutoCloseable {
    private final HttpServer server;
    private volatile ExportMetricsServiceRequest last = ExportMetricsServiceRequest.getDefaultInstance();
    private volatile int exports;

    OtlpReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/metrics", this::take);
        server.start();
    }

    /** What a JVM is to be started with, so that it exports here ten times a second. */
    String[] flags() {
        return new String[] {"-Dotel.exporter.otlp.endpoint=http://127.0.0.1:" + server.getAddress().getPort(),
            "-Dotel.metric.export.interval=100"};
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            last = ExportMetricsServiceRequest.parseFrom(exchange.getRequestBody());
            exports++;
            exchange.sendResponseHeaders(200, -1);
        }
    }

    /** How many there were. */
    int exports() {
        return exports;
    }

    /** Whose the last one is. */
    Map<String, String> resource() {
        return last.getResourceMetricsCount() == 0 ? Map.of()
                : labels(last.getResourceMetrics(0).getResource().getAttributesList());
    }

    private Stream<Metric> metrics(String name) {
        return last.getResourceMetricsList().stream().flatMap(one -> one.getScopeMetricsList().stream())
                .flatMap(one -> one.getMetricsList().stream()).filter(one -> one.getName().equals(name));
    }

    /** The histogram with these labels in the last export; an empty one if it has none. */
    ExponentialHistogramDataPoint histogram(String name, Map<String, String> labels) {
        return metrics(name).flatMap(metric -> metric.getExponentialHistogram().getDataPointsList().stream())
                .filter(point -> labels(point.getAttributesList()).equals(labels)).findFirst()
                .orElse(ExponentialHistogramDataPoint.getDefaultInstance());
    }

    /** The sum with these labels in the last export; 0 if it has none. */
    double sum(String name, Map<String, String> labels) {
        return metrics(name).flatMap(metric -> metric.getSum().getDataPointsList().stream())
                .filter(point -> labels(point.getAttributesList()).equals(labels))
                .mapToDouble(OtlpReceiver::value).findFirst().orElse(0);
    }

    /** The metrics of the last export by the names that Prometheus makes of them, with the names of their labels. */
    Map<String, Set<String>> asPrometheusNamesThem() {
        Map<String, Set<String>> names = new TreeMap<>();
        last.getResourceMetricsList().stream().flatMap(one -> one.getScopeMetricsList().stream())
                .flatMap(one -> one.getMetricsList().stream()).forEach(metric -> {
                    Set<String> labels = names.computeIfAbsent(prometheusName(metric), name -> new TreeSet<>());
                    attributes(metric).forEach(attribute -> labels.add(attribute.getKey()));
                });
        return names;
    }

    /** By the rules of OpenTelemetry's specification: dots become underscores, the unit and "total" come last. */
    private static String prometheusName(Metric metric) {
        String unit = switch (metric.getUnit()) {
            case "s" -> "_seconds";
            case "By" -> "_bytes";
            default -> metric.getUnit();
        };
        boolean grows = metric.hasSum() && metric.getSum().getIsMonotonic();
        return metric.getName().replace('.', '_') + unit + (grows ? "_total" : "");
    }

    private static Stream<KeyValue> attributes(Metric metric) {
        return switch (metric.getDataCase()) {
            case SUM -> metric.getSum().getDataPointsList().stream().flatMap(one -> one.getAttributesList().stream());
            case GAUGE -> metric.getGauge().getDataPointsList().stream()
                    .flatMap(one -> one.getAttributesList().stream());
            case SUMMARY -> metric.getSummary().getDataPointsList().stream()
                    .flatMap(one -> one.getAttributesList().stream());
            case EXPONENTIAL_HISTOGRAM -> metric.getExponentialHistogram().getDataPointsList().stream()
                    .flatMap(one -> one.getAttributesList().stream());
            default -> throw new AssertionError(metric.getDataCase());
        };
    }

    private static double value(NumberDataPoint point) {
        return point.hasAsInt() ? point.getAsInt() : point.getAsDouble();
    }

    private static Map<String, String> labels(List<KeyValue> attributes) {
        Map<String, String> labels = new TreeMap<>();
        for (KeyValue one : attributes) {
            labels.put(one.getKey(), one.getValue().hasStringValue() ? one.getValue().getStringValue()
                    : Long.toString(one.getValue().getIntValue()));
        }
        return labels;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
