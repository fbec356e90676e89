package io.bpfagent.prometheus.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Answers {@code GET /metrics} in the format that is asked for: protobuf, which alone has native histograms,
 * OpenMetrics, or Prometheus' text. Any number of threads.
 */
final class ScrapeHandler implements HttpHandler {
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;
    private static final int FAILED = 500;
    private static final int BUFFER_BYTES = 32 * 1024;
    private static final String PATH = "/metrics";

    private final Scrape scrape;
    private final AtomicLong scrapes = new AtomicLong();
    private final ExpositionFormatWriter openMetrics = OpenMetricsTextFormatWriter.create();
    /** Answers whoever asks for nothing in particular. */
    private final ExpositionFormatWriter plainText = PrometheusTextFormatWriter.create();

    /** Of less effort than usual: what is saved on the way would be spent in the host. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, BUFFER_BYTES);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    ScrapeHandler(Scrape scrape) {
        this.scrape = scrape;
    }

    /** How many were answered. */
    long scrapes() {
        return scrapes.get();
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                answer(exchange, NOT_ALLOWED, "This address answers GET only.\n");
            } else if (!exchange.getRequestURI().getPath().equals(PATH)) {
                answer(exchange, exchange.getRequestURI().getPath().equals("/") ? OK : NOT_FOUND,
                        "This is bpf-agent. Its metrics are at " + PATH + "\n");
            } else {
                metrics(exchange, method.equals("HEAD"));
            }
        }
    }

    private void metrics(HttpExchange exchange, boolean headOnly) throws IOException {
        // All of it before the first byte is sent: what is cut off by a failure of ours would look whole.
        Pieces body = new Pieces();
        boolean zipped = isZipped(exchange);
        String type;
        try (OutputStream out = zipped ? new FastGzip(body) : body) {
            type = write(out, exchange.getRequestHeaders().getFirst("Accept"));
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            answer(exchange, FAILED, "Cannot make the metrics: " + e + ". Please report it.\n");
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", type);
        if (zipped) {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        }
        exchange.sendResponseHeaders(OK, headOnly ? -1 : body.size());
        if (!headOnly) {
            body.writeTo(exchange.getResponseBody());
        }
        scrapes.incrementAndGet();
    }

    /** Writes what is asked for; its type. */
    private String write(OutputStream out, String accept) throws IOException {
        Families families = scrape.families();
        if (ProtobufFormat.isAccepted(accept)) {
            new ProtobufFormat().write(out, families.all());
            return ProtobufFormat.CONTENT_TYPE;
        }
        ExpositionFormatWriter writer = accept != null && openMetrics.accepts(accept) ? openMetrics : plainText;
        writer.write(out, families.toSnapshots(), EscapingScheme.UNDERSCORE_ESCAPING);
        return writer.getContentType();
    }

    /** Within one machine that would be work for nothing. */
    private static boolean isZipped(HttpExchange exchange) {
        if (exchange.getRemoteAddress().getAddress().isLoopbackAddress()) {
            return false;
        }
        List<String> accepted = exchange.getRequestHeaders().get("Accept-Encoding");
        for (String line : accepted == null ? List.<String>of() : accepted) {
            if (line.contains("gzip")) {
                return true;
            }
        }
        return false;
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        boolean headOnly = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, headOnly ? -1 : body.length);
        if (!headOnly) {
            exchange.getResponseBody().write(body);
        }
    }
}
