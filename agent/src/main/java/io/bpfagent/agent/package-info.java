/**
 * The agent's life: from the arguments to the last close.
 *
 * <p>In: {@link io.bpfagent.agent.AgentMain}, called by the jar's entry class on the daemon thread
 * {@code bpf-agent}. Out: an {@link io.bpfagent.report.AgentView} for reports and the control channel.
 *
 * <p>Everything that touches the kernel's memory happens on that one thread; other threads see
 * immutable snapshots through volatile fields.
 */
package io.bpfagent.agent;
