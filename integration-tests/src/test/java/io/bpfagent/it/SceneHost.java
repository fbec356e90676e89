package io.bpfagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.workload.Scenes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Hosts that play scenes. */
public final class SceneHost {
    /** Snapshots come often, so that tests wait little. */
    public static final String INTERVAL = "interval=100ms";

    private SceneHost() {}

    /** A host with the agent on, ready for scenes. */
    public static HostJvm start(Jdk jdk, String arguments, String... flags) {
        return start(command(jdk, flags), arguments);
    }

    /** Such a host with the agent on, ready for scenes. */
    public static HostJvm start(HostCommand command, String arguments) {
        HostJvm host = command.agent(arguments).start();
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
    public static HostCommand command(Jdk jdk, String... flags) {
        return HostJvm.of(jdk).jvm("-Xss256k").jvm(flags).main(Scenes.class);
    }

    /**
     * Takes it that nothing was lost.
     *
     * <p>But for events of at most one stay in a hundred: where the machine is a sandbox, its kernel may
     * run no BPF program on a CPU while a thread of the sandbox's own is current there. That hides the
     * switch away from it, and timers that expire meanwhile, from every tool. And the ends of some requests to the
     * machine's disks, whoever sent them: those are looked at where requests are counted.
     *
     * @param but losses that may be
     */
    public static void assertNothingLost(HostJvm host, Report report, String... but) {
        Map<String, Long> losses = report.losses();
        losses.keySet().removeAll(Set.of(but));
        long hidden = Stream.of("missed_wakeups", "missed_switches").map(losses::remove).filter(Objects::nonNull)
                .mapToLong(Long::longValue).sum();
        losses.remove("lost_block_requests");
        assertEquals(Map.of(), losses);
        long stays = Histogram.only(host.hist("runnable", null, null)).count();
        assertTrue(hidden <= stays / 100, () -> hidden + " missed in " + stays);
    }

    /** Plays a scene to its end. */
    public static void play(HostJvm host, String scene) {
        host.send(scene);
        awaitEnd(host, scene);
    }

    /** Waits until a scene that was sent is over. */
    public static void awaitEnd(HostJvm host, String scene) {
        Await.until(Duration.ofSeconds(90), () -> scene + " done\n" + host.report(), () -> {
            List<String> lines = host.stdout();
            if (lines.stream().anyMatch(line -> line.startsWith("failed " + scene)) || !host.isAlive()) {
                throw new AssertionError(scene + " was not played to its end\n" + host.report());
            }
            return lines.contains("done " + scene);
        });
    }
}
