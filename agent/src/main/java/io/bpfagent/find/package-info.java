/**
 * Probes that a user names: what was written, and where in the files and in the kernel's types it is found.
 *
 * <p>In: a text such as {@code uprobe:libc.so.6:getaddrinfo arg1>4096}; a process's mappings, the files of its
 * libraries, {@code /sys/kernel/btf/vmlinux}. Out: {@link io.bpfagent.find.FoundProbe}, with the sites to attach, or
 * {@link io.bpfagent.find.ProbeException}, whose message names the nearest names that exist. Nothing is attached here.
 *
 * <p>Called by the agent's daemon thread when probes are added, and by {@code attach-cli probe PID search} in its own
 * process. Tables of symbols are read in pieces and never kept: libjvm has 70,000.
 */
package io.bpfagent.find;
