/**
 * The agent beside other tools on the same run: libbpf-tools' count the same, and where they cannot, ours is right.
 *
 * <p>In: {@link io.bpfagent.it.HostJvm} running {@code io.bpfagent.workload.Scenes}; the tools, each a process of the
 * test's own. Out: failures. They need root, libbpf-tools and tracefs, and fail where these are missing. biosnoop and
 * tcpconnlat of libbpf-tools 0.26 need kprobes or fentry, which not every kernel has; what they would show is taken
 * from the kernel's own tracing and from tcpstates.
 */
package io.bpfagent.it.peers;
