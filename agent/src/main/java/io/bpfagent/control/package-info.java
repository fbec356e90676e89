/**
 * The control channel: answers {@code attach-cli} over a unix socket.
 *
 * <p>In: requests, one JSON object per line,
 * {@code {"schema":1,"verb":"threads|hist|pauses|status|detach", ...}}; only the verb is needed, the rest
 * depends on it ({@code ControlRequest}). Out: the documents of {@link io.bpfagent.report.JsonDocuments}, one per
 * line.
 *
 * <p>Threads: everything runs on the thread {@code bpf-agent-control}, which opens and closes with
 * {@link io.bpfagent.control.ControlServer}. It reads the agent through
 * {@link io.bpfagent.report.AgentView} only.
 */
package io.bpfagent.control;
