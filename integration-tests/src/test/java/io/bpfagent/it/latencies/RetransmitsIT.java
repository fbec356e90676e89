package io.bpfagent.it.latencies;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Await;
import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.SceneHost;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Retransmits and round trips, made on purpose in a network of the test's own, where nobody else has connections: the
 * kernel's own counters of that network, and what {@code ss} says of each connection, must be the same.
 */
class RetransmitsIT {
    private static final int TIMES = 50;
    private static final int REQUEST = 1000;
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final long LOST_MS = 1500;
    private static final long SYN_RETRY_NS = 1_000_000_000;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void retransmitsAreThoseOfTheNetworksOwnCounter(Jdk jdk) {
        try (Veth network = Veth.create();
                HostJvm server = SceneHost.command(jdk).prefix(network.inFar()).start();
                HostJvm host = SceneHost.command(jdk).prefix(network.inNear()).agent(SceneHost.INTERVAL).start()) {
            host.awaitLine("ready");
            host.await("on");
            int port = listen(server);
            String to = "to " + Veth.FAR + " " + port;
            network.lose();
            host.send("hold " + Veth.FAR + " " + port + " 1");
            Await.sleep(LOST_MS);
            network.arrive();
            SceneHost.awaitEnd(host, "hold " + Veth.FAR + " " + port + " 1");
            host.freshReport();
            long ofSyn = RemoteReport.of(host).number(to, "retransmits");
            network.lose();
            host.send("ask 1 " + REQUEST);
            Await.sleep(LOST_MS);
            network.arrive();
            SceneHost.awaitEnd(host, "ask 1 " + REQUEST);
            // Whatever is still sent again comes between two looks.
            Await.until(SOON, () -> network + " " + host.report(), () -> {
                Await.sleep(LOST_MS);
                host.freshReport();
                return RemoteReport.of(host).number(to, "retransmits") == retransmitted(network);
            });
            RemoteReport report = RemoteReport.of(host);
            Histogram connects = host.histogram("tcp_connect");
            assertAll(
                    () -> assertTrue(ofSyn >= 1, "the SYN was sent again: " + ofSyn),
                    () -> assertTrue(connects.sumNs() >= SYN_RETRY_NS, "the connection took a second: "
                    + connects.sumNs()),
                    () -> assertTrue(report.number(to, "retransmits") >= ofSyn + 2, report::toString),
                    () -> assertEquals(retransmitted(network), report.number(to, "retransmits")),
                    () -> assertEquals(Map.of("begun", 1L, "open", 1L, "bytesSent", (long) REQUEST,
                            "bytesReceived", (long) REQUEST, "retransmits", retransmitted(network)),
                            report.counts(to)));
            Lost.assertNothing(host.freshReport());
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void theRoundTripIsWhatTheKernelSaysOfTheConnection(Jdk jdk) {
        try (Veth network = Veth.create();
                HostJvm server = SceneHost.command(jdk).prefix(network.inFar()).start();
                HostJvm host = SceneHost.command(jdk).prefix(network.inNear()).agent(SceneHost.INTERVAL).start()) {
            host.awaitLine("ready");
            host.await("on");
            int port = listen(server);
            String to = "to " + Veth.FAR + " " + port;
            SceneHost.play(host, "hold " + Veth.FAR + " " + port + " 1");
            // A packet of 1,066 bytes takes 8.5 ms.
            network.slow("1mbit");
            SceneHost.play(host, "ask " + TIMES + " " + REQUEST);
            // Whatever is acknowledged late.
            Await.sleep(500);
            host.freshReport();
            RemoteReport report = RemoteReport.of(host);
            String ss = network.run("ss", "-tinH", "dport", "=", ":" + port);
            long rttNs = Math.round(Double.parseDouble(found(ss, " rtt:([0-9.]+)/")) * 1_000_000);
            Histogram times = host.histogram("tcp_rtt");
            assertAll(ss,
                    () -> assertTrue(rttNs > 2_000_000, "milliseconds: " + rttNs),
                    // ss prints microseconds, of eighths.
                    () -> assertTrue(Math.abs(report.number(to, "rtt.lastNs") - rttNs) <= 1_000, report::toString),
                    () -> assertTrue(report.number(to, "rtt.maxNs") >= rttNs - 1_000, report::toString),
                    () -> assertTrue(report.number(to, "rtt.count") >= 2, report::toString),
                    () -> assertEquals(report.number(to, "rtt.count"), times.count()),
                    () -> assertEquals(report.number(to, "rtt.sumNs"), times.sumNs()),
                    () -> assertEquals((long) TIMES * REQUEST, report.number(to, "bytesSent")),
                    () -> assertEquals(Long.parseLong(found(ss, " bytes_received:([0-9]+)")),
                            report.number(to, "bytesReceived")));
            Lost.assertNothing(host.freshReport());
        }
    }

    private static int listen(HostJvm server) {
        server.awaitLine("ready");
        SceneHost.play(server, "echo far " + Veth.FAR + " 23");
        return Integer.parseInt(server.awaitLine("far listens ").substring("far listens ".length()));
    }

    /** What the network has sent again. */
    private static long retransmitted(Veth network) {
        String[] lines = network.run("cat", "/proc/net/snmp").lines().filter(line -> line.startsWith("Tcp:"))
                .toArray(String[]::new);
        String[] names = lines[0].split(" ");
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals("RetransSegs")) {
                return Long.parseLong(lines[1].split(" ")[i]);
            }
        }
        throw new AssertionError(lines[0]);
    }

    private static String found(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new AssertionError(pattern + " is not in " + text);
        }
        return matcher.group(1);
    }
}
