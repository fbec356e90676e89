/**
 * What threads do besides being in states: whether calls, requests to disks and the freeing of memory are counted for
 * the thread that made them, each once, and whether {@code /proc/diskstats} says the same.
 *
 * <p>In: {@link io.bpfagent.it.HostJvm} running {@code io.bpfagent.workload.Scenes}. Out: failures. They need root, a
 * loop device and a memory cgroup, which they make for themselves and remove, and fail where these are missing.
 */
package io.bpfagent.it.latencies;
