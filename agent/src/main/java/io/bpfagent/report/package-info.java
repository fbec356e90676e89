/**
 * What the agent shows: JMX beans and JSON documents.
 *
 * <p>In: an {@link io.bpfagent.report.AgentView}, and through it immutable snapshots. Out: the beans
 * {@code io.bpfagent:*} on the platform's MBean server ({@link io.bpfagent.report.JmxStart}), and the
 * documents of the control channel and of {@code attach-cli --format json}
 * ({@link io.bpfagent.report.JsonDocuments}).
 *
 * <p>Threads: the agent's own thread registers, updates and takes back the beans. Whoever asks a bean
 * or for a document does that on a thread of their own, and pays for it; between snapshots nothing
 * happens here. All times are ns.
 */
package io.bpfagent.report;
