package io.bpfagent.bench;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostCommand;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import java.util.List;

/** What a metric costs whoever does what it counts. */
final class EventCost {
    /** Kept on request only, because their probes slow what they measure: with these or without, all else is kept. */
    static final List<Event> ON_REQUEST = List.of(
            new Event("park", "metrics=all", "", "park", "`unpark` and `park` of oneself"),
            new Event("monitor_contended", "metrics=all", "-XX:+DTraceMonitorProbes", "contend",
                    "a monitor goes to one who is blocked on it"),
            new Event("object_alloc", "metrics=all", "-XX:+DTraceAllocProbes", "allocate", "`new Object()`"));
    /** Kept by default: with these, or without anything but the states. */
    static final List<Event> CALLS = List.of(
            new Event("file_open", "metrics=running", "", "open", "`new FileInputStream(\"/dev/null\").close()`"),
            new Event("file_sync", "metrics=running", "", "sync", "`force` of a clean file in memory"),
            new Event("block_read", "metrics=running", "", "read", "4 KiB read from the disk, past the page cache"),
            new Event("tcp_connect+tcp_rtt+tcp_life", "metrics=running", "", "connect",
                    "a connection within the JVM, opened, accepted and reset: both ends of it"));

    /** Kept on request only: of reads and writes; and of system calls, which others pay for too. */
    static final List<Event> TRANSFERS = List.of(
            new Event("file_read", "metrics=all", "", "read-byte", "`FileInputStream.read()` of a byte of `/dev/zero`"),
            new Event("socket_write", "metrics=all", "", "send", "`DatagramChannel.write` of a byte that is dropped"),
            new Event("syscall", "metrics=all", "", "read-byte", "the same read"),
            Event.elsewhere("syscall", "metrics=all", "read-byte", "the same read by another JVM, without the agent"));

    /** That a user names. */
    static final List<Event> PROBES = List.of(
            Event.probe("uprobe:libc.so.6:open64", "open", "a function from entry to return"),
            Event.probe("usdt:libjvm:hotspot:thread__park__begin..thread__park__end", "park",
                    "from one of HotSpot's probes to another"),
            Event.probe("tp:net:net_dev_queue", "send", "a tracepoint, counted"));

    private static final int SETTLE_MS = 1_200;

    private final Table table = new Table("metric", "what it counts", "ns, each", "with the flag, ns",
            "measured, ns", "more because of that, ns");

    /**
     * A metric, or several.
     *
     * @param name  for the table
     * @param base  the agent's arguments without it
     * @param more  what is put after them for it
     * @param flag  that the JVM must be started with, or empty
     * @param load  what {@link EventLoad} is to do
     * @param event that in words
     * @param isElsewhere whether that is done by another JVM than the agent is in
     */
    record Event(String name, String base, String more, String flag, String load, String event, boolean isElsewhere) {
        Event(String metric, String base, String flag, String load, String event) {
            this(named(metric), base, "+" + metric, flag, load, event, false);
        }

        static Event elsewhere(String metric, String base, String load, String event) {
            return new Event(named(metric), base, "+" + metric, "", load, event, true);
        }

        static Event probe(String spec, String load, String event) {
            return new Event(named(spec), "metrics=all", ",probe=measured:" + spec, "", load, event, false);
        }

        private static String named(String metrics) {
            return "`" + metrics.replace("+", "`, `") + "`";
        }
    }

    EventCost measure(List<Event> events, int rounds, int windowMs) {
        for (Event event : events) {
            measure(event, rounds, windowMs);
        }
        return this;
    }

    /** Two JVMs with the agent, without and with the flag; into the second comes and goes the metric. */
    private void measure(Event requested, int rounds, int windowMs) {
        Samples bare = new Samples();
        Samples flagged = new Samples();
        Samples measured = new Samples();
        Samples more = new Samples();
        if (!requested.flag.isEmpty()) {
            try (HostJvm host = start(requested, false)) {
                for (int round = 0; round < rounds; round++) {
                    bare.add(watched(host, host, new Ours("", requested.base), windowMs));
                }
            }
        }
        Watcher without = new Ours("", requested.base);
        Turns<Watcher> turns = new Turns<>(List.of(without, new Ours("", requested.base + requested.more)));
        try (HostJvm host = start(requested, true); HostJvm other = requested.isElsewhere ? idle() : null) {
            for (int round = 0; round < rounds; round++) {
                double[] ns = new double[2];
                for (Watcher watcher : turns.next()) {
                    ns[watcher == without ? 0 : 1] = watched(host, other == null ? host : other, watcher, windowMs);
                }
                flagged.add(ns[0]);
                measured.add(ns[1]);
                more.add(ns[1] - ns[0]);
            }
        }
        boolean needsFlag = !requested.flag.isEmpty();
        table.row(requested.name + (needsFlag ? " (`" + requested.flag + "`)" : ""), requested.event,
                (needsFlag ? bare : flagged).text("%.0f"), needsFlag ? flagged.text("%.0f") : "–",
                measured.text("%.0f"), more.text("%.0f"));
    }

    private static HostJvm start(Event requested, boolean flagged) {
        HostCommand command = HostJvm.of(Jdks.newest()).main(EventLoad.class, requested.load);
        HostJvm host = (flagged && !requested.flag.isEmpty() ? command.jvm(requested.flag) : command).start();
        host.awaitLine("ready");
        Await.sleep(2_000);
        return host;
    }

    private static HostJvm idle() {
        HostJvm host = HostJvm.of(Jdks.newest()).main(EventLoad.class, "nothing").start();
        host.awaitLine("ready");
        return host;
    }

    /** @param agents the one that the agent comes into */
    private static double watched(HostJvm host, HostJvm agents, Watcher watcher, int windowMs) {
        watcher.start(agents);
        try {
            Await.sleep(SETTLE_MS);
            String[] from = count(host);
            Await.sleep(windowMs);
            String[] to = count(host);
            return (double) (Long.parseLong(to[3]) - Long.parseLong(from[3]))
                    / (Long.parseLong(to[2]) - Long.parseLong(from[2]));
        } finally {
            watcher.stop();
        }
    }

    private static String[] count(HostJvm host) {
        String question = "count " + System.nanoTime() + " ";
        host.send(question);
        return host.awaitLine(question).split(" +");
    }

    @Override
    public String toString() {
        return "CPU time that one event takes. " + Jdks.newest() + ".\n\n" + table;
    }
}
