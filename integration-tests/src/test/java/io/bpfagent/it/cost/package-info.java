/**
 * What the agent costs: whether its bill agrees with what the kernel says of the process and its threads, whether
 * what is too dear is turned off, and whether what is turned off and on by hand counts exactly when it is on.
 *
 * <p>In: {@link io.bpfagent.it.HostJvm} running {@code io.bpfagent.workload.Scenes}. Out: failures. They need root.
 */
package io.bpfagent.it.cost;
