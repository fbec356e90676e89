/**
 * Hosts and machines in conditions that nobody wants: no room left somewhere, threads that come and go faster than
 * anybody reads, a host that is stopped, an agent that gets no CPU, an end in the middle of everything.
 * {@code docs/hostile-conditions.md} says which condition is tested where.
 *
 * <p>In: a JVM that works all the time and knows what must come of its work, and the agent in it. Out: that the work is
 * right, that what was lost of the numbers is a number and the rest is right, that nothing of the agent's came out on
 * the host's stderr, and that nothing of it is left in the kernel afterwards. Needs root, bpftool, clang, mount,
 * prlimit, renice, unshare. Called by the thread of a test.
 */
package io.bpfagent.it.hostile;
