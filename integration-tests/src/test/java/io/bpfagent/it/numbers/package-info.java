/**
 * Whether the numbers are right: against the clock, against {@code /proc/PID/task/TID/schedstat}, and against
 * workloads that do everything an exactly known number of times.
 *
 * <p>In: {@link io.bpfagent.it.HostJvm} running {@code io.bpfagent.workload.Scenes}. Out: failures. They
 * need root and bpftool, and fail where these are missing.
 */
package io.bpfagent.it.numbers;
