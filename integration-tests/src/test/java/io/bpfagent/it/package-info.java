/**
 * Real JVMs with the agent under the real kernel, for the tests in the packages below.
 *
 * <p>In: the finished jars, as system properties {@code agent.jar} and {@code cli.jar}; the JDKs of
 * this machine; root. Out: {@link io.bpfagent.it.HostJvm}, a JVM as a child process, what it prints
 * and what its agent answers; {@link io.bpfagent.it.OurBpf}, what the agent has in the kernel. Called
 * by the thread of a test; each host has one more that collects its output.
 */
package io.bpfagent.it;
