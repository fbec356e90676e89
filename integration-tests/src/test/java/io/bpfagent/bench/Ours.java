package io.bpfagent.bench;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.OurBpf;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Set;

/** The agent, attached to the running JVM and detached again. */
final class Ours implements Watcher {
    static final String NAME = "bpf-agent";

    /** That in words, for a text. */
    static final String SPINE_TEXT = "`usdt=off,slow=off,stacks=false` and `metrics=` of the states of threads alone";
    /** Arguments that leave nothing but the times of states and their histograms. */
    static final String SPINE = "metrics=running+runnable+blocked_monitor+blocked_park+blocked_wait+blocked_sleep"
            + "+blocked_safepoint+blocked_vm+blocked_futex+blocked_poll+blocked_socket+blocked_disk+blocked_fault"
            + "+blocked_reclaim+blocked_process+blocked_other,usdt=off,slow=off,stacks=false";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String name;
    private final String arguments;
    private HostJvm watched;

    /** With its defaults. */
    Ours() {
        this(NAME, "");
    }

    /** @param arguments as after {@code -javaagent:bpf-agent.jar=} */
    Ours(String name, String arguments) {
        this.name = name;
        this.arguments = arguments;
    }

    /** With nothing but the states of threads. */
    static Ours spine() {
        return new Ours("the spine alone", SPINE);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String missing() {
        return null;
    }

    @Override
    public void start(HostJvm jvm) {
        watched = jvm;
        jvm.attach(arguments);
        jvm.await("on");
    }

    @Override
    public Set<Integer> programs() {
        return OurBpf.heldBy(watched.pid()).programs();
    }

    @Override
    public void stop() {
        detach(watched);
    }

    /** Returns when nothing of the agent is left in it, whoever had attached it. */
    static void detach(HostJvm jvm) {
        try {
            jvm.detach();
        } catch (AssertionError e) {
            // The answer has a time limit; on a crowded machine the kernel takes longer to release a probe.
            Await.until(PATIENCE, () -> "detached, after " + e.getMessage(),
                    () -> !Files.exists(jvm.control().socket()));
        }
    }
}
