/**
 * Other processes of this machine: which are JVMs, whether they may be attached to, attaching.
 *
 * <p>Comes in: a PID. Goes out: {@link io.bpfagent.cli.jvm.TargetProcess} with what /proc and the
 * JVM's own performance file say about it, and a JVM that has loaded the agent's jar. Everything
 * is called by the command's main thread, which waits for no JVM for ever: {@link io.bpfagent.cli.jvm.Deadline}. A
 * JVM's own /tmp may be full of traps: {@link io.bpfagent.cli.jvm.HeldTmp}. Nothing here sends a signal to a process
 * before it has been seen to be a JVM that handles it.
 */
package io.bpfagent.cli.jvm;
