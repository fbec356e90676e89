/**
 * Snapshots as Prometheus' formats have them, and the server that gives them out.
 *
 * <p>In: {@link io.bpfagent.prometheus.ScrapeSource}, and of each snapshot the new pauses. Out: OpenMetrics and
 * Prometheus' text, by client_java, or its protobuf. Thread: {@code bpf-agent-prometheus}; all else is made when it is
 * asked for, and nothing kept.
 */
package io.bpfagent.prometheus.serve;
