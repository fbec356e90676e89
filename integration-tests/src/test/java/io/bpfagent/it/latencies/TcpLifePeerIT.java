package io.bpfagent.it.latencies;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.bpfagent.it.Await;
import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.Tools;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** libbpf-tools' tcplife on the same host and at the same time. */
class TcpLifePeerIT {
    private static final int TIMES = 230;
    private static final int REQUEST = 1024;
    private static final int REPLY = 4096;
    /** It finds its tracepoint by tracefs, which is not mounted everywhere. */
    private static final String COMMAND =
            "mount -t tracefs tracefs /sys/kernel/tracing && exec stdbuf -oL tcplife -D ";
    private static final int TX_KB = 6;
    private static final int RX_KB = 7;
    private static final int MS = 8;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void tcplifeSeesAsManyConnectionsWithAsManyBytesThatLiveAsLong(Jdk jdk) throws Exception {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            SceneHost.play(host, "serve server 127.0.0.1 " + TIMES + " " + REPLY);
            String port = host.awaitLine("server listens ").substring("server listens ".length());
            Process tcplife = Tools.start("unshare", "-m", "sh", "-c", COMMAND + port);
            try {
                Await.until(Duration.ofSeconds(90), () -> "tcplife attached", () ->
                        !OurBpf.heldBy(tcplife.pid()).links().isEmpty() || !tcplife.isAlive());
                SceneHost.play(host, "open opener 127.0.0.1 " + port + " " + TIMES + " " + REQUEST);
                host.awaitLine("server has served");
                host.freshReport();
                Tools.run("kill", "-INT", Long.toString(tcplife.pid()));
                String said = new String(tcplife.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertTrue(tcplife.waitFor(10, TimeUnit.SECONDS));
                List<String[]> lines = said.lines().map(line -> line.strip().split(" +"))
                        .filter(line -> line[0].matches("\\d+"))
                        .toList();
                double[] livesMs = lines.stream().mapToDouble(line -> Double.parseDouble(line[MS])).sorted().toArray();
                double sentKib = lines.stream().mapToDouble(line -> Double.parseDouble(line[TX_KB])).sum();
                double receivedKib = lines.stream().mapToDouble(line -> Double.parseDouble(line[RX_KB])).sum();
                Histogram lives = host.histogramOfThread("tcp_life", "opener");
                RemoteReport report = RemoteReport.of(host);
                String to = "to 127.0.0.1 " + port;
                assertAll(
                        () -> assertTrue(Math.abs(livesMs.length - lives.count()) <= TIMES / 20, "tcplife "
                        + livesMs.length
                                + ", counted " + lives.count()),
                        () -> assertEquals(TIMES, lives.count()),
                        () -> assertNear(sentKib * 1024, report.number(to, "bytesSent")),
                        () -> assertNear(receivedKib * 1024, report.number(to, "bytesReceived")),
                        // It counts from the SYN on: some microseconds more.
                        () -> assertNearPower(livesMs[livesMs.length / 2] * 1_000_000, median(lives.json())));
            } finally {
                tcplife.destroyForcibly();
            }
        }
    }

    private static void assertNear(double theirs, long ours) {
        assertTrue(Math.abs(theirs - ours) <= theirs / 20, () -> "tcplife " + theirs + ", counted " + ours);
    }

    /** In the same power of two, or within 20 % of it: a median may lie beside a power's boundary. */
    private static void assertNearPower(double theirs, long ours) {
        boolean same = Long.highestOneBit((long) theirs) == Long.highestOneBit(ours);
        assertTrue(same || Math.abs(theirs - ours) <= theirs / 5, () -> "tcplife " + theirs + ", counted " + ours);
    }

    private static long median(JsonObject histogram) {
        return histogram.get("p50").getAsLong();
    }
}
