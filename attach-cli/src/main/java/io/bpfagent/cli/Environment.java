package io.bpfagent.cli;

import io.bpfagent.cli.control.ControlClient;
import io.bpfagent.cli.jvm.AgentJar;
import io.bpfagent.cli.jvm.Attacher;
import io.bpfagent.cli.jvm.JdkAttacher;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * What the verbs take from outside, so that a test can put something else in its place.
 *
 * @param proc where proc is mounted
 * @param ownPid this process
 * @param attacher loads the jar into a JVM
 * @param agentJar opens the jar to load
 * @param terminal whether somebody sits before standard error
 * @param startTimeoutMs how long an agent may take to come up
 * @param detachTimeoutMs how long it may take to close everything
 * @param answerTimeoutMs how long it may take to answer
 * @param clock what time it is, and where
 * @param followPollMs from one look at a followed agent to the next
 */
record Environment(Path proc, long ownPid, Attacher attacher, Supplier<InputStream> agentJar, boolean terminal,
    long startTimeoutMs, long detachTimeoutMs, long answerTimeoutMs, Clock clock, long followPollMs) {

    /** An agent is up in less than a second; this is for a host that is starved or has thousands of threads. */
    private static final long START_TIMEOUT_MS = 30_000;

    /** The real one. */
    static Environment system() {
        return new Environment(Path.of("/proc"), ProcessHandle.current().pid(), new JdkAttacher(START_TIMEOUT_MS),
            AgentJar::open, Terminals.isTerminal(2), START_TIMEOUT_MS, 70_000, ControlClient.TIMEOUT_MS,
            Clock.systemDefaultZone(), 500);
    }
}
