package io.bpfagent.correlation;

import java.util.Objects;

/**
 * With whom the host has, or had, TCP connections, and how they went. Immutable. Bytes are those that the two programs
 * have sent each other, each once: without headers, and without what was sent again.
 *
 * @param address  in its usual form, of IPv4 or IPv6; null: all others, for whom there was no place
 * @param port     of an outgoing connection that at the other end; of incoming ones 0
 * @param incoming whether these were accepted by the host rather than opened
 * @param open     how many were open when they were last looked at: a level, not a sum
 * @param begun    how many were established while the agent was there
 * @param found    how many others were found: they had begun before
 * @param closed   how many of both have come to their end
 * @param failed   how many were refused or given up
 * @param retransmits segments that were sent again, as the kernel counts them: SYNs and probes for a lost tail too
 * @param resetsReceived resets that came, also in place of an answer to a SYN
 * @param resetsSent resets that this side sent, for one because it closed a connection with data unread
 * @param forgotten of all others, how many remotes are among them because they had no connection for long
 */
public record RemoteUsage(String address, int port, boolean incoming, long open, long begun, long found, long closed,
        long failed, long retransmits, long resetsReceived, long resetsSent, long bytesSent, long bytesReceived,
        Rtt rtt, Life life, long forgotten) {
    /** A single one, or all others of which none has been forgotten. */
    public RemoteUsage(String address, int port, boolean incoming, long open, long begun, long found, long closed,
            long failed, long retransmits, long resetsReceived, long resetsSent, long bytesSent, long bytesReceived,
            Rtt rtt, Life life) {
        this(address, port, incoming, open, begun, found, closed, failed, retransmits, resetsReceived, resetsSent,
                bytesSent, bytesReceived, rtt, life, 0);
    }

    /**
     * Smoothed round trips: of each connection one for each snapshot before which the peer has acknowledged something,
     * and one at its end.
     *
     * @param minNs  the shortest there ever was, 0 where there was none
     * @param maxNs  the longest there ever was
     * @param lastNs the last one
     */
    public record Rtt(long count, long sumNs, long minNs, long maxNs, long lastNs) {
        Rtt plus(Rtt other) {
            return new Rtt(count + other.count, sumNs + other.sumNs, minNs, maxNs, lastNs);
        }

        Rtt minus(Rtt earlier) {
            return new Rtt(count - earlier.count, sumNs - earlier.sumNs, minNs, maxNs, lastNs);
        }
    }

    /**
     * How long connections were there whose begin was seen, and whose end.
     *
     * @param maxNs the longest there ever was
     */
    public record Life(long count, long sumNs, long maxNs) {
        Life plus(Life other) {
            return new Life(count + other.count, sumNs + other.sumNs, maxNs);
        }

        Life minus(Life earlier) {
            return new Life(count - earlier.count, sumNs - earlier.sumNs, maxNs);
        }
    }

    public RemoteUsage {
        Objects.requireNonNull(rtt, "rtt");
        Objects.requireNonNull(life, "life");
    }

    /** What was added since {@code earlier}, which is of the same remote; what is open stays as it is. */
    RemoteUsage minus(RemoteUsage earlier) {
        return new RemoteUsage(address, port, incoming, open, begun - earlier.begun, found - earlier.found,
                closed - earlier.closed, failed - earlier.failed, retransmits - earlier.retransmits,
                resetsReceived - earlier.resetsReceived, resetsSent - earlier.resetsSent,
                // What was read in the middle of a retransmit can have been too much.
                Math.max(0, bytesSent - earlier.bytesSent), bytesReceived - earlier.bytesReceived,
                rtt.minus(earlier.rtt),
                life.minus(earlier.life), forgotten - earlier.forgotten);
    }

    /** All others, once {@code gone} has been forgotten, which had none open. */
    RemoteUsage with(RemoteUsage gone) {
        return new RemoteUsage(address, port, incoming, open, begun + gone.begun, found + gone.found,
                closed + gone.closed, failed + gone.failed, retransmits + gone.retransmits,
                resetsReceived + gone.resetsReceived, resetsSent + gone.resetsSent, bytesSent + gone.bytesSent,
                bytesReceived + gone.bytesReceived, rtt.plus(gone.rtt), life.plus(gone.life), forgotten);
    }

    /** All others of a kind, of which there have been none. */
    static RemoteUsage none(boolean incoming) {
        return new RemoteUsage(null, 0, incoming, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, new Rtt(0, 0, 0, 0, 0),
                new Life(0, 0, 0));
    }

    /** Whether it was forgotten since, and has come again. */
    boolean isAnewAfter(RemoteUsage earlier) {
        return begun + found + failed < earlier.begun + earlier.found + earlier.failed;
    }

    /** What tells it from all others. */
    String key() {
        return (incoming ? "in " : "out ") + address + " " + port;
    }

    /** Whether anything has happened with it, or is open. */
    public boolean isUsed() {
        return (open | begun | found | closed | failed | retransmits | resetsReceived | resetsSent | bytesSent
                | bytesReceived | rtt.count) != 0;
    }
}
