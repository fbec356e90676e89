/**
 * The command {@code attach-cli}: one class per verb.
 *
 * <p>Comes in: the arguments. Goes out: text or one JSON document on standard output ({@code --follow}:
 * one for each look that found something), at most one line on standard error where nobody watches, and
 * the exit code (0 done, 1 failed, 2 wrong usage). The process's main
 * thread does everything. The agent is reached only through its control socket, a JVM without one
 * only through the JDK's attach mechanism; the agent's classes are not used.
 */
package io.bpfagent.cli;
