/**
 * Applications for the tests: each does something an exactly known number of times.
 *
 * <p>In: lines on stdin, each a scene and its arguments. Out: the line {@code ready}, then {@code done
 * LINE} for each scene. A scene has a thread of its own, so scenes can run at the same time; the
 * threads it is about have names of their own. They know nothing of the agent.
 */
package io.bpfagent.workload;
