/**
 * What a Prometheus server scrapes, as the rest of the agent sees it.
 *
 * <p>In: snapshots, through {@link io.bpfagent.prometheus.ScrapeSource}. Out: an address that answers. Thread: the
 * agent's opens and closes; {@code bpf-agent-prometheus} answer.
 *
 * <p>This package is in the agent's tier; {@code serve} below it and client_java are in a tier of their own, which is
 * loaded when there is to be a server.
 */
package io.bpfagent.prometheus;
