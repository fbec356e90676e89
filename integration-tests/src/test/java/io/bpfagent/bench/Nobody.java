package io.bpfagent.bench;

import io.bpfagent.it.HostJvm;
import java.util.Set;

/** Watches nothing: what the JVM does by itself. */
final class Nobody implements Watcher {
    @Override
    public String name() {
        return "(nobody)";
    }

    @Override
    public String missing() {
        return null;
    }

    @Override
    public void start(HostJvm jvm) {}

    @Override
    public Set<Integer> programs() {
        return Set.of();
    }

    @Override
    public void stop() {}
}
