package io.bpfagent.bench;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.OurBpf;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Set;

/** The agent with its defaults, attached to the running JVM and detached again. */
final class Ours implements Watcher {
    static final String NAME = "bpf-agent";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private HostJvm watched;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String missing() {
        return null;
    }

    @Override
    public void start(HostJvm jvm) {
        watched = jvm;
        jvm.attach("");
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
