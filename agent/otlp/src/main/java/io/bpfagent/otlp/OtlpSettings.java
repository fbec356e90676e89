package io.bpfagent.otlp;

import io.bpfagent.extension.ExtensionException;
import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.exporter.otlp.internal.OtlpConfigUtil;
import io.opentelemetry.exporter.otlp.internal.OtlpMetricExporterProvider;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.internal.DefaultConfigProperties;
import io.opentelemetry.sdk.common.export.HttpSenderConfig;
import io.opentelemetry.sdk.common.export.HttpSenderProvider;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What every OpenTelemetry SDK reads of environment variables and system properties ({@code OTEL_*}, {@code otel.*}).
 *
 * @param exporter makes requests of data, and sends them
 * @param endpoint where to
 * @param interval from one export to the next
 * @param resource whose the numbers are
 */
record OtlpSettings(MetricExporter exporter, String endpoint, Duration interval, Resource resource) {
    private static final String PROTOCOL = "http/protobuf";
    private static final Duration INTERVAL = Duration.ofSeconds(60);
    private static final Duration SHORTEST = Duration.ofMillis(100);

    /**
     * Reads them.
     *
     * @param outcomes as in {@link ClientSender}
     * @throws ExtensionException if they make no exporter
     */
    static OtlpSettings read(int pid, Consumer<Sent> outcomes) throws ExtensionException {
        try {
            Senders senders = new Senders(outcomes);
            ConfigProperties config =
                    DefaultConfigProperties.create(Map.of("otel.exporter.otlp.protocol", PROTOCOL), senders);
            String protocol = OtlpConfigUtil.getOtlpProtocol(OtlpConfigUtil.DATA_TYPE_METRICS, config);
            if (!protocol.equals(PROTOCOL)) {
                throw refused("the protocol asked for is '" + protocol + "', and this extension speaks " + PROTOCOL
                        + " only", "Set OTEL_EXPORTER_OTLP_METRICS_PROTOCOL=" + PROTOCOL + ", and as"
                        + " OTEL_EXPORTER_OTLP_METRICS_ENDPOINT the receiver's address for it, mostly"
                        + " http://HOST:4318/v1/metrics");
            }
            Duration interval = config.getDuration("otel.metric.export.interval", INTERVAL);
            if (interval.compareTo(SHORTEST) < 0) {
                throw refused("OTEL_METRIC_EXPORT_INTERVAL must be at least " + SHORTEST.toMillis() + " ms, interval="
                        + interval.toMillis() + " ms", "Set it so");
            }
            Resource resource = HostResource.of(config, pid);
            MetricExporter exporter = new OtlpMetricExporterProvider().createExporter(config);
            return new OtlpSettings(exporter, senders.endpoint, interval, resource);
        } catch (RuntimeException e) {
            throw refused(OtlpExtension.oneLine(e.getMessage() == null ? e.toString() : e.getMessage()),
                    "Correct the OTEL_* variable or -Dotel.* property that says so");
        } catch (NoClassDefFoundError e) {
            throw refused("this JVM runs without the module java.net.http", "Start it with --add-modules java.net.http,"
                    + " or with a Java that has that module");
        }
    }

    private static ExtensionException refused(String why, String remedy) {
        return new ExtensionException("Cannot export by OTLP: " + why + ". " + remedy + ". All else works."
                + " See TROUBLESHOOTING.md, \"Cannot export by OTLP\".");
    }

    /** Where the SDK finds how requests are sent, and nothing else: not what the host may have of its own. */
    private static final class Senders implements ComponentLoader, HttpSenderProvider {
        private final Consumer<Sent> outcomes;
        private String endpoint = "";

        Senders(Consumer<Sent> outcomes) {
            this.outcomes = outcomes;
        }

        @Override
        public <T> Iterable<T> load(Class<T> wanted) {
            return wanted == HttpSenderProvider.class ? List.of(wanted.cast(this)) : List.of();
        }

        @Override
        public ClientSender createSender(HttpSenderConfig config) {
            endpoint = config.getEndpoint().toString();
            return new ClientSender(config, outcomes);
        }
    }
}
