/**
 * The agent as a guest: whatever goes wrong, the application with the agent in it does what it does
 * without.
 *
 * <p>In: a JVM with a small application, started in a way that something fails, or is unusual. Out:
 * that the application printed the same and ended the same, that one line says what failed, that
 * nothing of the agent stays in the kernel. Needs root, bpftool, setpriv, setarch, unshare, clang and
 * objcopy. Called by the thread of a test.
 */
package io.bpfagent.it.guest;
