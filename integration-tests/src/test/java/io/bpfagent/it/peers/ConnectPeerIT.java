package io.bpfagent.it.peers;

import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.latencies.Lost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * libbpf-tools' tcpstates on the same host and at the same time: it prints how long a connection was in SYN_SENT, which
 * is what tcpconnlat does with probes that not every kernel has.
 */
class ConnectPeerIT {
    /** At a time: tcpstates has room for some hundred changes of a state until it has printed them. */
    private static final int TIMES = 23;
    private static final int ROUNDS = 20;
    private static final int BACKLOG = 1024;
    /** {@code SKADDR PID COMM LADDR LPORT RADDR RPORT OLDSTATE -> NEWSTATE MS}. */
    private static final Pattern ROW =
            Pattern.compile(".* +\\S+ +\\d+ +\\S+ +(\\d+) +SYN_SENT +-> (\\w+) +(\\d+)\\.(\\d{3})\\s*");

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void tcpstatesHasAsManyConnectionsAndTheyTookAsLong(Jdk jdk) throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        try (ServerSocket server = new ServerSocket(0, BACKLOG, here);
                ServerSocket markers = new ServerSocket(0, BACKLOG, here);
                Socket bound = new Socket();
                HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL);
                PeerTool tcpstates = PeerTool.start("tcpstates")) {
            // It has a port on which nobody listens, and which nobody else gets.
            bound.bind(new InetSocketAddress(here, 0));
            acceptInTheBackground(server);
            acceptInTheBackground(markers);
            awaitTold(tcpstates, markers);
            for (int round = 0; round < ROUNDS; round++) {
                SceneHost.play(host, "open connector " + at(server.getLocalPort()) + " 0 " + round);
                SceneHost.play(host, "be-refused refused " + at(bound.getLocalPort()) + " " + round);
                awaitTold(tcpstates, markers);
            }
            Lost.assertNothing(host.freshReport());
            List<String> printed = tcpstates.lines();
            Values opened = Values.of(host.histogramOfPool("tcp_connect", "connector"));
            Values refused = Values.of(host.histogramOfPool("tcp_connect_failed", "refused"));
            Lost.assertAllConnections(TIMES * ROUNDS, opened.count());
            Lost.assertAllConnections(TIMES * ROUNDS, refused.count());
            opened.assertAsManyAndAsLong("opened", rows(printed, server.getLocalPort(), "ESTABLISHED"));
            refused.assertAsManyAndAsLong("refused", rows(printed, bound.getLocalPort(), "CLOSE"));
        }
    }

    private static String at(int port) {
        return InetAddress.getLoopbackAddress().getHostAddress() + " " + port + " " + TIMES;
    }

    /** Of connections of this process. */
    private static void awaitTold(PeerTool tcpstates, ServerSocket markers) {
        tcpstates.awaitTold(() -> {
            try {
                new Socket(markers.getInetAddress(), markers.getLocalPort()).close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }, line -> rows(List.of(line), markers.getLocalPort(), "ESTABLISHED").count() > 0);
    }

    /** How long connections to a port were in SYN_SENT before they came into that state. */
    private static PowersOfTwo rows(List<String> lines, int port, String state) {
        SortedMap<Long, Long> counts = new TreeMap<>();
        for (String line : lines) {
            Matcher row = ROW.matcher(line);
            if (row.matches() && Integer.parseInt(row.group(1)) == port && row.group(2).equals(state)) {
                long us = Long.parseLong(row.group(3) + row.group(4));
                counts.merge(us < 2 ? 0 : Long.highestOneBit(us), 1L, Long::sum);
            }
        }
        return new PowersOfTwo(counts);
    }

    /** Until it is closed. */
    private static void acceptInTheBackground(ServerSocket server) {
        Thread acceptor = new Thread(() -> {
            try {
                while (true) {
                    server.accept().close();
                }
            } catch (IOException e) {
                // it was closed
            }
        }, "acceptor");
        acceptor.setDaemon(true);
        acceptor.start();
    }
}
