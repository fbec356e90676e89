package io.bpfagent.it.latencies;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.Tools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** TCP connections by remote: as many as there were, with as many bytes, and those of no other process. */
class ConnectionsIT {
    private static final int TIMES = 23;
    private static final int FOUND = 7;
    private static final int REQUEST = 4711;
    private static final int REPLY = 815;
    /** For incoming ones. */
    private static final int PLACES = 63;
    /** TAG_LEAVING of remotes.h, byte by byte. */
    private static final List<String> LEAVING_TAG = List.of("0x01", "0x00", "0x00", "0x00", "0x00", "0x00", "0x00",
            "0x00");

    /** Of IPv4, of IPv6; and of IPv4 where the server's socket is of IPv6, as most servers' are. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void twentyThreeOpenedAndTwentyThreeAcceptedAreSoManyWithEveryByte(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            for (String[] addresses
                    : new String[][] {{"127.0.0.1", "127.0.0.1"}, {"::1", "::1"}, {"::", "127.0.0.2"}}) {
                String server = "server" + addresses[1];
                String opener = "opener" + addresses[1];
                int port = listen(host, "serve " + server + " " + addresses[0] + " " + TIMES + " " + REPLY, server);
                SceneHost.play(host, "open " + opener + " " + addresses[1] + " " + port + " " + TIMES + " " + REQUEST);
                host.awaitLine(server + " has served");
                RemoteReport report = settled(host, "to " + addresses[1] + " " + port);
                String from = addresses[1].equals("127.0.0.2") ? "127.0.0.1" : addresses[1];
                long before = from.equals(addresses[1]) ? 0 : TIMES;
                assertAll(addresses[1],
                        () -> assertEquals(done(TIMES, REQUEST, REPLY),
                        report.counts("to " + addresses[1] + " " + port)),
                        () -> assertEquals(done(TIMES + before, REPLY, REQUEST), report.counts("from " + from)),
                        () -> assertEquals(Map.of("tcp_connect", (long) TIMES, "socket_connect", (long) TIMES),
                                CallCounts.ofThread(host, opener)),
                        () -> assertEquals(TIMES, host.histogramOfThread("tcp_life", opener).count()),
                        () -> assertEquals(TIMES, host.histogramOfThread("tcp_life", server).count()),
                        () -> assertTrue(host.histogramOfThread("tcp_rtt", opener).count() <= TIMES),
                        () -> assertTrue(report.number("to " + addresses[1] + " " + port, "rtt.count") >= TIMES));
            }
            assertTrue(host.histogram("tcp_rtt").count() >= 6 * TIMES);
            Lost.assertNothing(host.freshReport());
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void resetsOfEitherEndAreCountedAndSoAreRefusals(Jdk jdk) throws IOException {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL);
                Socket bound = new Socket()) {
            bound.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
            int port = listen(host, "serve-patiently patient 127.0.0.1 " + TIMES, "patient");
            for (int i = 0; i < TIMES; i++) {
                resetAtOnce(port, "127.0.0.3");
            }
            host.awaitLine("patient has served");
            int rude = listen(host, "serve-rudely rude 127.0.0.1 " + TIMES, "rude");
            // Two bytes to one who reads one: closing is then a reset, unless this end were closed by then.
            List<Socket> talkative = connect(TIMES, rude, "127.0.0.4");
            for (Socket client : talkative) {
                client.getOutputStream().write(new byte[2]);
            }
            host.awaitLine("rude has served");
            for (Socket client : talkative) {
                client.close();
            }
            SceneHost.play(host, "be-refused refused 127.0.0.1 " + bound.getLocalPort() + " " + TIMES);
            host.freshReport();
            RemoteReport report = settled(host, "from 127.0.0.4");
            long times = TIMES;
            assertAll(
                    () -> assertEquals(Map.of("begun", times, "closed", times, "life.count", times, "resetsReceived",
                    times),
                            report.counts("from 127.0.0.3")),
                    () -> assertEquals(Map.of("begun", times, "closed", times, "life.count", times, "resetsSent", times,
                            "bytesReceived", 2 * times), report.counts("from 127.0.0.4")),
                    () -> assertEquals(Map.of("failed", times, "resetsReceived", times),
                            report.counts("to 127.0.0.1 " + bound.getLocalPort())),
                    // Who closes them is the other end, in one case, and this JVM's thread in the other.
                    () -> assertEquals(TIMES, host.histogramOfThread("tcp_life", "rude").count()),
                    () -> assertEquals(2 * TIMES, host.histogram("tcp_life").count()));
            Lost.assertNothing(host.freshReport());
        }
    }

    /** And take no place from those that this JVM calls. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void moreClientsThanThereArePlacesAreCountedTogether(Jdk jdk) throws IOException {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            int port = listen(host, "serve-patiently patient 127.0.0.1 " + (PLACES + TIMES), "patient");
            for (int client = 1; client <= PLACES + TIMES; client++) {
                connect(1, port, "127.0.1." + client).get(0).close();
            }
            host.awaitLine("patient has served");
            int own = listen(host, "serve own 127.0.0.1 " + TIMES + " " + REPLY, "own");
            SceneHost.play(host, "open opener 127.0.0.1 " + own + " " + TIMES + " " + REQUEST);
            RemoteReport report = settled(host, "to 127.0.0.1 " + own);
            assertEquals(done(TIMES, REQUEST, REPLY), report.counts("to 127.0.0.1 " + own));
            // Those of the opener are among them: its address came late.
            long others = TIMES + TIMES;
            assertEquals(others, report.number("from others", "begun"));
            assertEquals(others, report.number("from others", "closed"));
            assertEquals(1, report.number("from 127.0.1." + PLACES, "begun"));
            assertEquals(PLACES + 2, report.remotes().size());
            assertEquals(others, host.freshReport().losses().get("remotes_over_limit"));
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void whatWasThereBeforeAttachingIsFoundAndOthersConnectionsAreNot(Jdk jdk) throws IOException {
        try (HostJvm host = SceneHost.command(jdk).start();
                ServerSocket server = new ServerSocket(0, 2 * TIMES, InetAddress.getByName("127.0.0.1"))) {
            host.awaitLine("ready");
            int port = listen(host, "serve-patiently patient :: " + (FOUND + TIMES), "patient");
            SceneHost.play(host, "hold 127.0.0.1 " + server.getLocalPort() + " " + FOUND);
            List<Socket> clients = connect(FOUND, port, "127.0.0.3");
            // Nobody's business but this process's.
            clients.addAll(connect(TIMES, server.getLocalPort(), "127.0.0.5"));
            host.attach(SceneHost.INTERVAL);
            host.await("on");
            String to = "to 127.0.0.1 " + server.getLocalPort();
            host.freshReport();
            RemoteReport first = RemoteReport.of(host);
            long found = FOUND;
            assertAll(
                    () -> assertEquals(Set.of("from 127.0.0.3", to), first.remotes().keySet()),
                    () -> assertEquals(Map.of("found", found, "open", found), first.counts(to)),
                    () -> assertTrue(first.number("from 127.0.0.3", "found") <= found),
                    () -> assertTrue(first.number("from 127.0.0.3", "found") >= 1,
                    "one is accepted, the others wait for it"));
            for (Socket client : clients) {
                client.close();
            }
            for (Socket client : connect(TIMES, port, "127.0.0.6")) {
                client.getOutputStream().write(new byte[REQUEST]);
                client.close();
            }
            host.awaitLine("patient has served");
            SceneHost.play(host, "release closer");
            for (int i = 0; i < FOUND + TIMES; i++) {
                server.accept().close(); // the host's ends, and this process's
            }
            RemoteReport last = settled(host, to);
            assertAll(
                    () -> assertEquals(Set.of("from 127.0.0.3", "from 127.0.0.6", to), last.remotes().keySet()),
                    () -> assertEquals(Map.of("found", found, "closed", found), last.counts(to)),
                    // Those that nobody had accepted when the agent came are found when they are closed.
                    () -> assertEquals(Map.of("found", found, "closed", found), last.counts("from 127.0.0.3")),
                    () -> assertEquals(done(TIMES, 0, REQUEST), last.counts("from 127.0.0.6")));
            Lost.assertNothing(host.freshReport());
        }
    }

    /** Quiet for long, it was to make room; and then there are connections again, to a place of their own. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aRemoteThatComesBackWhileItIsLeavingIsFoundInOnePlace(Jdk jdk) throws IOException {
        try (HostJvm host = SceneHost.start(jdk, "interval=2s");
                ServerSocket server = new ServerSocket(0, TIMES, InetAddress.getByName("127.0.0.1"))) {
            String hold = "hold 127.0.0.1 " + server.getLocalPort() + " ";
            SceneHost.play(host, hold + 1);
            host.freshReport();
            int map = OurBpf.heldBy(host.pid()).maps().stream()
                    .filter(id -> Tools.run("bpftool", "map", "show", "id",
                    String.valueOf(id)).contains(" name remotes "))
                    .findFirst().orElseThrow();
            Map<Integer, List<String>> before = outgoing(map);
            assertEquals(1, before.size(), before::toString);
            int number = before.keySet().iterator().next();
            List<String> leaving = new ArrayList<>(before.get(number));
            tag(leaving).clear();
            leaving.addAll(0, LEAVING_TAG);
            List<String> update = new ArrayList<>(List.of("map", "update", "id", String.valueOf(map), "key",
                    String.valueOf(number), "0", "0", "0", "value"));
            update.addAll(leaving);
            Tools.run("bpftool", update.toArray(new String[0]));
            SceneHost.play(host, hold + 2);
            host.freshReport();
            Map<Integer, List<String>> after = outgoing(map);
            assertEquals(2, after.size(), after::toString);
            assertEquals(LEAVING_TAG, tag(after.remove(number)));
            assertEquals(tag(before.get(number)), tag(after.values().iterator().next()));
        }
    }

    private static List<String> tag(List<String> remote) {
        return remote.subList(0, LEAVING_TAG.size());
    }

    /** The bytes of places in use, by their numbers. */
    private static Map<Integer, List<String>> outgoing(int map) {
        Map<Integer, List<String>> places = new TreeMap<>();
        String dump = Tools.run("bpftool", "-j", "map", "dump", "id", String.valueOf(map));
        for (JsonElement element : JsonParser.parseString(dump).getAsJsonArray()) {
            List<String> bytes = new ArrayList<>();
            element.getAsJsonObject().getAsJsonArray("value").forEach(one -> bytes.add(one.getAsString()));
            int number = Integer.decode(element.getAsJsonObject().getAsJsonArray("key").get(0).getAsString());
            if (number > PLACES + 1 && tag(bytes).stream().anyMatch(one -> Integer.decode(one) != 0)) {
                places.put(number, bytes);
            }
        }
        return places;
    }

    /** What is counted of connections that were all established, used and closed. */
    private static Map<String, Long> done(long times, long bytesSent, long bytesReceived) {
        return bytesSent == 0
                ? Map.of("begun", times, "closed", times, "life.count", times, "bytesReceived", times * bytesReceived)
                : Map.of("begun", times, "closed", times, "life.count", times, "bytesSent", times * bytesSent,
                        "bytesReceived", times * bytesReceived);
    }

    private static int listen(HostJvm host, String scene, String name) {
        SceneHost.play(host, scene);
        String line = host.awaitLine(name + " listens ");
        return Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
    }

    /** The last packet of a connection may come somewhat after the call that has closed it. */
    private static RemoteReport settled(HostJvm host, String remote) {
        RemoteReport[] last = {null};
        Await.until(Duration.ofSeconds(60), () -> "nothing open with " + remote + ": " + last[0], () -> {
            host.freshReport();
            last[0] = RemoteReport.of(host);
            return last[0].remotes().containsKey(remote) && last[0].number(remote, "open") == 0;
        });
        return last[0];
    }

    private static List<Socket> connect(int times, int port, String from) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            sockets.add(new Socket(InetAddress.getByName("127.0.0.1"), port, InetAddress.getByName(from), 0));
        }
        return sockets;
    }

    private static void resetAtOnce(int port, String from) throws IOException {
        try (Socket socket = connect(1, port, from).get(0)) {
            socket.setSoLinger(true, 0);
        }
    }
}
