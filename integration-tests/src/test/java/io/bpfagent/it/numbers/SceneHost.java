package io.bpfagent.it.numbers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostCommand;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.Report;
import io.bpfagent.workload.Scenes;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Hosts that play scenes. */
final class SceneHost {
    /** Snapshots come often, so that tests wait little. */
    static final String INTERVAL = "interval=100ms";

    private SceneHost() {}

    /** A host with the agent on, ready for scenes. */
    static HostJvm start(Jdk jdk, String arguments, String... flags) {
        HostJvm host = command(jdk, flags).agent(arguments).start();
        try {
            host.awaitLine("ready");
            host.await("on");
            return host;
        } catch (RuntimeException | Error e) {
            host.close();
            throw e;
        }
    }

    /** A host yet without the agent. */
    static HostCommand command(Jdk jdk, String... flags) {
        return HostJvm.of(jdk).jvm("-Xss256k").jvm(flags).main(Scenes.class);
    }

    /**
     * Takes it that nothing was lost.
     *
     * <p>But for events of at most one stay in a hundred: where the machine is a sandbox, its kernel may
     * run no BPF program on a CPU while a thread of the sandbox's own is current there. That hides the
     * switch away from it, and timers that expire meanwhile, from every tool.
     */
    static void assertNothingLost(HostJvm host, Report report) {
        Map<String, Long> losses = report.losses();
        long hidden = Stream.of("missed_wakeups", "missed_switches").map(losses::remove).filter(Objects::nonNull)
                .mapToLong(Long::longValue).sum();
        assertEquals(Map.of(), losses);
        long stays = Histogram.only(host.hist("runnable", null, null)).count();
        assertTrue(hidden <= stays / 100, () -> hidden + " missed in " + stays);
    }

    /** Plays a scene to its end. */
    static void play(HostJvm host, String scene) {
        host.send(scene);
        awaitEnd(host, scene);
    }

    /** Waits until a scene that was sent is over. */
    static void awaitEnd(HostJvm host, String scene) {
        host.awaitLine("done " + scene, Duration.ofSeconds(90));
    }
}
