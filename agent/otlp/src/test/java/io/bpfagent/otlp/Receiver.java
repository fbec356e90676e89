package io.bpfagent.otlp;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

/** Takes exports and decodes them with the classes that the OpenTelemetry project generates of its protocol. */
final class Receiver implements AutoCloseable {
    /** One request. */
    record Export(String path, Headers headers, ExportMetricsServiceRequest request) {
        /** The metric of this name; fails if there is none, or more than one. */
        Metric metric(String name) {
            List<Metric> found = scope().getMetricsList().stream().filter(metric -> metric.getName().equals(name))
                    .toList();
            if (found.size() != 1) {
                throw new AssertionError(found.size() + " times " + name + " in " + names());
            }
            return found.get(0);
        }

        List<String> names() {
            return scope().getMetricsList().stream().map(Metric::getName).toList();
        }

        ScopeMetrics scope() {
            return request.getResourceMetrics(0).getScopeMetrics(0);
        }

        Map<String, String> resource() {
            return labels(request.getResourceMetrics(0).getResource().getAttributesList());
        }
    }

    private final BlockingQueue<Export> exports = new LinkedBlockingQueue<>();
    private final HttpServer server;
    private final CountDownLatch closed = new CountDownLatch(1);
    volatile int status = 200;
    volatile ExportMetricsServiceResponse answer = ExportMetricsServiceResponse.getDefaultInstance();
    volatile long delayMs;

    Receiver() throws IOException {
        this(0);
    }

    Receiver(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", this::take);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    String endpoint() {
        return "http://127.0.0.1:" + port();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange; InputStream body = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))
                ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody()) {
            exports.add(new Export(exchange.getRequestURI().getPath(), exchange.getRequestHeaders(),
                    ExportMetricsServiceRequest.parseFrom(body)));
            if (closed.await(delayMs, TimeUnit.MILLISECONDS)) {
                return;
            }
            byte[] bytes = answer.toByteArray();
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next one. */
    Export next() throws InterruptedException {
        Export export = exports.poll(20, TimeUnit.SECONDS);
        if (export == null) {
            throw new AssertionError("no export in 20 s");
        }
        return export;
    }

    static Map<String, String> labels(List<KeyValue> attributes) {
        Map<String, String> labels = new TreeMap<>();
        for (KeyValue one : attributes) {
            labels.put(one.getKey(), one.getValue().hasStringValue() ? one.getValue().getStringValue()
                    : Long.toString(one.getValue().getIntValue()));
        }
        return labels;
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
    }
}
