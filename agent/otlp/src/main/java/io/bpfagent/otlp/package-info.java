/**
 * Exports snapshots by OTLP over HTTP, with the OpenTelemetry SDK's exporter.
 *
 * <p>In: snapshots from the agent's thread, of which the latest is kept; the settings that every OpenTelemetry SDK
 * reads ({@code OTEL_EXPORTER_OTLP_ENDPOINT} and the like, as environment variables or system properties). Out: one
 * request per {@code OTEL_METRIC_EXPORT_INTERVAL} with all numbers since the agent began. Thread: {@code
 * bpf-agent-otlp}; the JDK's HTTP client has one of its own besides ({@code HttpClient-N-SelectorManager}), and {@code
 * bpf-agent-otlp-http}.
 *
 * <p>{@link io.bpfagent.otlp.SnapshotMetrics} makes the SDK's data of a snapshot, {@link io.bpfagent.otlp.ClientSender}
 * sends what its exporter makes of that, {@link io.bpfagent.otlp.OtlpExtension} does both in time and counts what did
 * not arrive.
 */
package io.bpfagent.otlp;
