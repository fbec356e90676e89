/**
 * Whether pauses are right: against {@code -Xlog:safepoint}, {@code gc} and {@code vmthread} of the same JVM on the
 * same run, and in scenes in which the cause of a pause is known.
 *
 * <p>In: {@link io.bpfagent.it.SceneHost}s with a log of the JVM's own beside the agent. Out: failures. They need root,
 * and for one scene a CPU cgroup that can be given a quota. Called by the thread of a test.
 */
package io.bpfagent.it.pauses;
