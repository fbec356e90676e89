package io.bpfagent.it.numbers;

import io.bpfagent.it.HostCommand;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.workload.Scenes;
import java.time.Duration;

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
