package io.bpfagent.report;

import io.bpfagent.correlation.RemoteUsage;
import io.bpfagent.correlation.Snapshot;
import java.util.List;
import javax.management.openmbean.SimpleType;

/**
 * The {@code type=Remotes} bean: with whom the host has TCP connections, one row for each address and port that it
 * calls, and for each address that it is called from. Some 500 bytes a row, at most 128 rows.
 */
final class RemotesBean extends OpenBean<List<RemoteUsage>> {
    private static final class Rows extends OpenRows<RemoteUsage> {
        private static final int KEY_COLUMNS = 3;

        Rows() {
            super("io.bpfagent.Remote", "TCP connections with one remote since the agent began");
            column("direction", "outgoing (this JVM has opened them) or incoming (it has accepted them)",
                    SimpleType.STRING);
            column("address", "Of the other end; empty: all others, for whom there was no place", SimpleType.STRING);
            column("port", "Of the other end; of incoming ones 0", SimpleType.INTEGER);
            longColumn("open", "How many are open");
            longColumn("begun", "How many were established");
            longColumn("found", "How many others had begun before the agent came");
            longColumn("closed", "How many of both have ended");
            longColumn("failed", "How many were refused or given up");
            longColumn("retransmits", "Segments that were sent again");
            longColumn("resetsReceived", "Resets that came, also in place of an answer");
            longColumn("resetsSent", "Resets that this JVM's end has sent");
            longColumn("bytesSent", "What was sent on them, without headers and what was sent again");
            longColumn("bytesReceived", "What was received on them");
            longColumn("rttCount",
                    "Smoothed round trips: one a snapshot of each connection in use, and one at its end");
            longColumn("rttSumNs", "Together, ns");
            longColumn("rttMinNs", "The shortest, ns; 0: there was none");
            longColumn("rttMaxNs", "The longest, ns");
            longColumn("rttLastNs", "The last, ns");
            longColumn("lifeCount", "Connections whose begin and end was seen");
            longColumn("lifeSumNs", "How long they were there, together, ns");
            longColumn("lifeMaxNs", "The longest of those, ns");
            done(KEY_COLUMNS);
        }

        @Override
        Object value(RemoteUsage remote, int column) {
            return switch (column) {
                case 0 -> RemoteDocument.direction(remote);
                case 1 -> remote.address() == null ? "" : remote.address();
                case 2 -> remote.port();
                case 3 -> remote.open();
                case 4 -> remote.begun();
                case 5 -> remote.found();
                case 6 -> remote.closed();
                case 7 -> remote.failed();
                case 8 -> remote.retransmits();
                case 9 -> remote.resetsReceived();
                case 10 -> remote.resetsSent();
                case 11 -> remote.bytesSent();
                case 12 -> remote.bytesReceived();
                case 13 -> remote.rtt().count();
                case 14 -> remote.rtt().sumNs();
                case 15 -> remote.rtt().minNs();
                case 16 -> remote.rtt().maxNs();
                case 17 -> remote.rtt().lastNs();
                case 18 -> remote.life().count();
                case 19 -> remote.life().sumNs();
                default -> remote.life().maxNs();
            };
        }
    }

    private static final Rows ROWS = new Rows();

    private static final OpenBeanType TYPE = new OpenBeanType(
            RemotesBean.class.getName(), "With whom this JVM has TCP connections")
            .attribute("Remotes", "One row for each remote", ROWS.tableType())
            .done();

    private final AgentView agent;

    RemotesBean(AgentView agent) {
        super(TYPE);
        this.agent = agent;
    }

    @Override
    List<RemoteUsage> capture() {
        Snapshot latest = agent.latest();
        return latest == null ? List.of() : latest.remotes();
    }

    /** There is one: Remotes. */
    @Override
    Object attribute(List<RemoteUsage> remotes, String name) {
        return ROWS.table(remotes);
    }

    @Override
    Object operation(List<RemoteUsage> remotes, String name, Object[] parameters) {
        throw OpenBeanType.unknown(name);
    }
}
