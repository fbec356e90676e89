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
        try {
            watched.detach();
        } catch (AssertionError e) {
            // The answer has a time limit; on a crowded machine the kernel takes longer to release a probe.
            Await.until(PATIENCE, () -> "detached, after " + e.getMessage(),
                    () -> !Files.exists(watched.control().socket()));
        }
    }
}
