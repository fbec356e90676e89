package io.bpfagent.cli.text;

import io.bpfagent.cli.control.RemotesDocument;
import io.bpfagent.cli.control.RemotesDocument.Remote;
import java.util.Comparator;
import java.util.List;

/** With whom a JVM has TCP connections, and how they go. */
public final class RemotesText {

    private static final int NAME_WIDTH = 23;

    private RemotesText() {
    }

    /** The tables, the remotes with most bytes first, then what was lost. */
    public static String of(Title title, RemotesDocument document) {
        StringBuilder text = new StringBuilder(Layout.wrap("", title.jvm() + ": TCP connections, "
            + Title.covered(document.interval(), document.wallNs())));
        List<Remote> remotes = document.remotes().stream().filter(RemotesText::isUsed)
            .sorted(Comparator.comparing(RemotesText::isIncoming)
                .thenComparing(remote -> -remote.bytesSent() - remote.bytesReceived()))
            .toList();
        if (remotes.isEmpty()) {
            text.append('\n').append(Layout.wrap("", document.reason() == null ? "There was no connection."
                : "Connections are not looked at: " + document.reason().replaceFirst("\\.$", "") + "."));
        } else {
            text.append('\n').append(row("REMOTE", 7, "OPEN", 8, "BEGUN", 8, "FAILED", 8, "RESENT", 8, "RESETS", 9,
                "SENT", 9, "RECEIVED"));
            remotes.forEach(remote -> text.append(counts(remote)));
            text.append('\n').append(row("REMOTE", 9, "RTT", 9, "LAST", 9, "MIN", 9, "MAX", 9, "LIFE", 9, "MAX"));
            remotes.stream().filter(remote -> remote.rtt().count() + remote.life().count() > 0)
                .forEach(remote -> text.append(times(remote, document.interval())));
            text.append('\n').append(Layout.wrap("", "to: opened by the JVM; from: accepted by it. RESENT: segments"
                + " sent again. RESETS: both ways. RTT and LIFE are means: of the smoothed round trips of connections"
                + " in use, and of how long those that have ended were there."));
        }
        long forgotten = remotes.stream().mapToLong(Remote::forgotten).sum();
        if (forgotten > 0) {
            text.append('\n').append(Layout.wrap("", Quantity.exact(forgotten)
                + (forgotten == 1 ? " remote" : " remotes")
                + " without a connection for ten minutes made room for others, and "
                + (forgotten == 1 ? "is" : "are") + " among \"all others\"."));
        }
        return text.append('\n').append(LossesText.of(document.losses())).toString();
    }

    private static boolean isUsed(Remote remote) {
        return remote.open() + remote.begun() + remote.found() + remote.closed() + remote.failed()
            + remote.retransmits() + remote.resetsReceived() + remote.resetsSent() + remote.bytesSent()
            + remote.bytesReceived() + remote.rtt().count() > 0;
    }

    private static boolean isIncoming(Remote remote) {
        return "incoming".equals(remote.direction());
    }

    private static String name(Remote remote) {
        String way = isIncoming(remote) ? "from " : "to ";
        if (remote.address() == null) {
            return way + "all others";
        }
        boolean isV6 = remote.address().indexOf(':') >= 0;
        String address = isV6 && remote.port() != 0 ? "[" + remote.address() + "]" : remote.address();
        return way + (remote.port() == 0 ? address : address + ":" + remote.port());
    }

    private static String counts(Remote remote) {
        return row(name(remote), 7, Quantity.count(remote.open()), 8, Quantity.count(remote.begun()), 8,
            Quantity.count(remote.failed()), 8, Quantity.count(remote.retransmits()), 8,
            Quantity.count(remote.resetsReceived() + remote.resetsSent()), 9, Quantity.bytes(remote.bytesSent()), 9,
            Quantity.bytes(remote.bytesReceived()));
    }

    /** The shortest and the longest are known of all time only. */
    private static String times(Remote remote, boolean interval) {
        return row(name(remote), 9, mean(remote.rtt().sumNs(), remote.rtt().count()),
            9, known(remote.rtt().count() > 0, remote.rtt().lastNs()),
            9, known(!interval && remote.rtt().count() > 0, remote.rtt().minNs()),
            9, known(!interval && remote.rtt().count() > 0, remote.rtt().maxNs()),
            9, mean(remote.life().sumNs(), remote.life().count()),
            9, known(!interval && remote.life().count() > 0, remote.life().maxNs()));
    }

    private static String mean(long sumNs, long count) {
        return count == 0 ? "-" : Quantity.duration((double) sumNs / count);
    }

    private static String known(boolean isKnown, long ns) {
        return isKnown ? Quantity.duration(ns) : "-";
    }

    /** A long address has a line to itself. */
    private static String row(String name, Object... widthsAndTexts) {
        StringBuilder row = new StringBuilder();
        String shown = Layout.shorten(name, Layout.WIDTH);
        if (shown.length() >= NAME_WIDTH) {
            row.append(shown).append('\n').append(" ".repeat(NAME_WIDTH));
        } else {
            row.append(Layout.left(shown, NAME_WIDTH));
        }
        for (int i = 0; i < widthsAndTexts.length; i += 2) {
            row.append(Layout.right((String) widthsAndTexts[i + 1], (Integer) widthsAndTexts[i]));
        }
        return row.toString().stripTrailing() + "\n";
    }
}
