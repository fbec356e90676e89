package io.bpfagent.it.latencies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonObject;
import io.bpfagent.it.Await;
import io.bpfagent.it.ControlClient;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.SlowReport.SlowEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A call that has begun with the agent and ends without it, and the other way round. */
class CallUnderWayIT {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int TIMES = 23;
    private static final int ATTACHES = 5;
    /** For turning probes on. */
    private static final int SLEEP_MS = 1_500;
    /** Some looks. */
    private static final int READ_MS = 2_000;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void returnsAfterTheAgentHasGone(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            int port = listen(host, "first", 3);
            awaitAccepting(host, "first");
            OurBpf ours = OurBpf.heldBy(host.pid());
            host.detach();
            ours.awaitGone();
            connect(port);
            host.awaitLine("first accepted 1");
            awaitAccepting(host, "first");

            host.attach(SceneHost.INTERVAL);
            host.await("on");
            connect(port);
            host.awaitLine("first accepted 2");
            awaitAccepting(host, "first");
            host.freshReport();
            assertEquals(Map.of(), CallCounts.ofThread(host, "first"), "it had begun before the agent came");
            connect(port);
            SceneHost.awaitEnd(host, "accepts 3 first");
            host.freshReport();
            assertEquals(Map.of("socket_accept", 1L), CallCounts.ofThread(host, "first"));

            int again = listen(host, "second", TIMES);
            for (int i = 0; i < TIMES; i++) {
                connect(again);
            }
            SceneHost.awaitEnd(host, "accepts " + TIMES + " second");
            Lost.assertNothing(host.freshReport());
            assertEquals(Map.of("socket_accept", (long) TIMES), CallCounts.ofThread(host, "second"));
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void doesNotHoldUpTheEndOfTheAgent(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            int port = listen(host, "patient", ATTACHES);
            for (int i = 1; i <= ATTACHES; i++) {
                awaitAccepting(host, "patient");
                host.detach();
                host.attach(SceneHost.INTERVAL);
                host.await("on");
                connect(port);
                host.awaitLine("patient accepted " + i);
            }
            SceneHost.awaitEnd(host, "accepts " + ATTACHES + " patient");
            Lost.assertNothing(host.freshReport());
        }
    }

    /** Its end was not seen: what the thread does next is what it is asked for its stack for. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void thatEndsWhileItsProbesAreOffIsOver(Jdk jdk) throws IOException {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL
                + ",metrics=all+socket_read,slow.socket_read=50ms")) {
            host.send("accept-and-read " + SLEEP_MS + " turncoat");
            int port = Integer.parseInt(host.awaitLine("turncoat listens ").replaceFirst(".* ", ""));
            awaitAccepting(host, "turncoat");
            mustSet(host, "probe.calls=off");
            try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), port)) {
                host.awaitLine("turncoat accepted");
                mustSet(host, "probe.calls=on");
                Await.sleep(SLEEP_MS + READ_MS);
                peer.getOutputStream().write(1);
                SceneHost.awaitEnd(host, "accept-and-read " + SLEEP_MS + " turncoat");
            }
            List<SlowEntry> reads = host.freshEvents().of("turncoat", "socket_read");
            assertEquals(1, reads.size(), reads::toString);
            assertFalse(reads.get(0).stack().isEmpty(), reads::toString);
        }
    }

    private static void mustSet(HostJvm host, String arguments) {
        JsonObject request = ControlClient.request("set");
        request.addProperty("arguments", arguments);
        assertFalse(host.control().ask(request).has("error"), arguments);
    }

    private static int listen(HostJvm host, String name, int times) {
        host.send("accepts " + times + " " + name);
        return Integer.parseInt(host.awaitLine(name + " listens ").replaceFirst(".* ", ""));
    }

    private static void connect(int port) {
        try {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns once the thread waits in the kernel for a connection. */
    private static void awaitAccepting(HostJvm host, String thread) {
        String[] last = {""};
        Await.until(SOON, () -> thread + " waits in the kernel, " + last[0] + "\n" + host.report(), () -> {
            last[0] = waitsIn(host, thread);
            return last[0].contains("accept");
        });
    }

    /** The kernel's function in which the thread waits. */
    private static String waitsIn(HostJvm host, String thread) {
        Path tasks = Path.of("/proc", Long.toString(host.pid()), "task");
        try (DirectoryStream<Path> all = Files.newDirectoryStream(tasks)) {
            for (Path task : all) {
                if (Files.readString(task.resolve("comm")).strip().equals(thread)) {
                    return Files.readString(task.resolve("wchan"));
                }
            }
        } catch (IOException e) {
            return e.toString(); // a thread has ended meanwhile
        }
        return "no thread " + thread;
    }
}
