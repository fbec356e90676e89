/**
 * What must be so that attaching works, looked at condition by condition: of the machine, of who runs the command, of
 * one JVM.
 *
 * <p>Comes in: files of /proc and /sys, a process, the agent's jar. Goes out: {@link
 * io.bpfagent.cli.doctor.Finding}s, one for each {@link io.bpfagent.cli.doctor.Condition}. Everything is called by
 * the command's main thread. Nothing is sent to the JVM, but a question to an agent that is in it already; in this
 * process the agent's libraries are opened and its programs loaded for a moment, for what can be tried need not be
 * guessed.
 */
package io.bpfagent.cli.doctor;
