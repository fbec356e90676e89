/**
 * Snapshots as Prometheus' formats have them, and the server that gives them out.
 *
 * <p>In: {@link io.bpfagent.prometheus.ScrapeSource}. Out: OpenMetrics, Prometheus' text, or its protobuf, by
 * client_java. Thread: {@code bpf-agent-prometheus}; everything is made when it is asked for, and nothing kept.
 */
package io.bpfagent.prometheus.serve;
