package io.bpfagent.bench;

import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jcmd;
import io.bpfagent.it.Jdks;
import java.util.List;
import java.util.Set;

/** A recording of the JVM's own Flight Recorder, begun and ended while it runs. */
final class FlightRecorder implements Watcher {
    private static final String NAME = "name=bench";

    private final String settings;
    private HostJvm watched;

    /** @param settings {@code default} or {@code profile}, as the JDK has them */
    FlightRecorder(String settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return "JFR, `settings=" + settings + "`";
    }

    @Override
    public String missing() {
        return null;
    }

    @Override
    public void start(HostJvm jvm) {
        watched = jvm;
        ask("Started recording", "JFR.start", NAME, "settings=" + settings);
    }

    @Override
    public Set<Integer> programs() {
        return Set.of();
    }

    /** What it has recorded is thrown away. */
    @Override
    public void stop() {
        ask("Stopped recording", "JFR.stop", NAME);
    }

    private void ask(String done, String... command) {
        List<String> answer = Jcmd.run(Jdks.newest(), watched, command);
        if (answer.stream().noneMatch(line -> line.contains(done))) {
            throw new AssertionError(String.join(" ", command) + ": " + answer);
        }
    }
}
