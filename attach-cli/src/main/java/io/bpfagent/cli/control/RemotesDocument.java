package io.bpfagent.cli.control;

import java.util.List;
import java.util.Map;

/**
 * The answer to {@code remotes}.
 *
 * @param interval whether it covers the last interval or everything since the agent began
 * @param wallNs the time that it covers
 * @param reason why no connection is known, null where they are looked at
 */
public record RemotesDocument(int schema, boolean interval, long wallNs, List<Remote> remotes, String reason,
    Map<String, Long> losses) {

    public RemotesDocument {
        remotes = remotes == null ? List.of() : List.copyOf(remotes);
        losses = losses == null ? Map.of() : losses;
    }

    /**
     * TCP connections with one remote.
     *
     * @param direction {@code outgoing} or {@code incoming}
     * @param address of the other end; null: of all others
     * @param port of the other end; of incoming ones 0
     * @param found connections that had begun before the agent came
     * @param forgotten of all others, how many remotes are among them because they had no connection for long
     */
    public record Remote(String direction, String address, int port, long open, long begun, long found, long closed,
        long failed, long retransmits, long resetsReceived, long resetsSent, long bytesSent, long bytesReceived,
        Rtt rtt, Life life, long forgotten) {

        public Remote {
            rtt = rtt == null ? new Rtt(0, 0, 0, 0, 0) : rtt;
            life = life == null ? new Life(0, 0, 0) : life;
        }
    }

    /** Smoothed round trips; the shortest and longest are those of all time. */
    public record Rtt(long count, long sumNs, long minNs, long maxNs, long lastNs) {
    }

    /** How long connections were there that have ended; the longest is that of all time. */
    public record Life(long count, long sumNs, long maxNs) {
    }
}
