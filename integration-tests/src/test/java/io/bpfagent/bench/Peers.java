package io.bpfagent.bench;

import com.google.gson.JsonElement;
import io.bpfagent.it.Await;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.OurBpf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What is left of real applications while others watch them than the agent, and how long their clients wait then. */
final class Peers implements Chapter {
    private static final int ROUNDS = 5;
    private static final int QUICK_ROUNDS = 1;
    /** Of each turn. */
    private static final int WINDOWS = 2;
    /** From when a watcher came until its windows, under load: the JVM compiles anew what it has changed. */
    private static final int SETTLE_MS = 1_000;
    /** From when it has gone until the unwatched window. */
    private static final int PAUSE_MS = 500;
    private static final int WARM_UP_MS = 10_000;
    /** The bill is of the last five seconds. */
    private static final int BILL_MS = 6_000;
    private static final double KIB = 1024;
    private static final String WITH_WRK = """
            wrk asks the HTTP server on 16 connections, on each as soon as it is answered; percentiles are of the time
            that it waits, and wrk counts a slow answer again for each request that it had no chance to send. Those of
            the database are of transactions, as the threads see them that do them.
            """;

    private final Watcher ours = new Ours();
    /** They see each event, as the agent does, and have a part of what it tells. */
    private final List<Watcher> ofEachEvent = List.of(Peer.runqlat(), Peer.cpudist(), Peer.offcputime(),
            Peer.syscount(), Peer.bpftrace());
    private final Watchers watchers = new Watchers(Stream.<List<Watcher>>of(List.of(ours), ofEachEvent,
            List.of(Peer.javagc(), new AsyncProfiler(), new FlightRecorder("default"), new FlightRecorder("profile"),
                    new Nobody())).flatMap(List::stream).toArray(Watcher[]::new));
    private final StringBuilder tables = new StringBuilder();
    /** Of the applications one after the other: by work left, by CPU time. */
    private final Map<Watcher, List<String>> verdicts = new HashMap<>();
    private final StringBuilder refused = new StringBuilder();
    private final Table unwatched = new Table("unwatched", "per second", "p50, ms", "p99, ms", "p99.9, ms");
    private final Table allocation = new Table("", "the agent's threads allocate, KiB per second");
    private final FirstDataTable firstData = new FirstDataTable();

    @Override
    public String name() {
        return "peers";
    }

    @Override
    public String title() {
        return "Applications beside peers";
    }

    @Override
    public String measure(Effort effort) {
        boolean hasWrk = Wrk.missing() == null;
        Jdk oldest = Jdks.all().get(0);
        for (Jdk jdk : Jdks.all()) {
            firstData.idle(jdk, effort.jvms());
        }
        try (ApplicationHost host = hasWrk ? ApplicationHost.httpServerOfWrk(Jdks.newest(), "page")
                : ApplicationHost.httpServer(Jdks.newest(), "page")) {
            measure(host, effort);
        }
        try (ApplicationHost host = ApplicationHost.database(oldest)) {
            measure(host, effort);
            firstData.busy(host, effort.jvms());
        }
        return text(effort, hasWrk ? WITH_WRK : "Without wrk, and so without how long a client waits: " + Wrk.missing()
                + ".\n");
    }

    /** Adds a table, and a row to some. */
    private void measure(ApplicationHost host, Effort effort) {
        int windowMs = windowMs(effort);
        host.warmUp(WARM_UP_MS);
        Map<Watcher, WatchedWindows> found = new HashMap<>();
        List<Watcher> able = able(host);
        able.forEach(watcher -> found.put(watcher, new WatchedWindows()));
        List<WatchedWindows.Window> alone = new ArrayList<>();
        alone.add(unwatched(host, windowMs));
        Turns<Watcher> order = new Turns<>(able);
        for (int round = 0; round < rounds(effort); round++) {
            for (Watcher watcher : order.next()) {
                List<WatchedWindows.Window> watched = watched(host, watcher, windowMs);
                WatchedWindows.Window before = alone.get(alone.size() - 1);
                alone.add(unwatched(host, windowMs));
                found.get(watcher).turn(before, watched, alone.get(alone.size() - 1));
            }
        }
        tables.append('\n').append(table(host.name(), able, found));
        row(host.name(), alone);
        verdict(able, found);
        allocation(host);
    }

    /**
     * Those that can watch it: each does so once, which it also is that gets what comes once out of the way. Of the
     * others a word, but for the agent, which must.
     */
    private List<Watcher> able(ApplicationHost host) {
        List<Watcher> able = new ArrayList<>();
        for (Watcher watcher : watchers.present()) {
            try {
                watched(host, watcher, 0);
                able.add(watcher);
            } catch (AssertionError e) {
                if (watcher == ours || !host.jvm().isAlive()) {
                    throw e;
                }
                refused.append("\nWithout ").append(watcher.name()).append(" (").append(host.name()).append("): ")
                        .append(e.getMessage().lines().findFirst().orElse("")).append(".\n");
            }
        }
        return able;
    }

    /** Its windows; none when they are of 0 ms. Nothing of it is left in the kernel afterwards. */
    private static List<WatchedWindows.Window> watched(ApplicationHost host, Watcher watcher, int windowMs) {
        List<WatchedWindows.Window> windows = new ArrayList<>();
        watcher.start(host.jvm());
        Set<Integer> programs = Set.of();
        try {
            programs = watcher.programs();
            host.work(SETTLE_MS);
            for (int i = 0; i < WINDOWS && windowMs > 0; i++) {
                windows.add(window(host, windowMs));
            }
        } finally {
            watcher.stop();
        }
        new OurBpf(programs, Set.of(), Set.of()).awaitGone();
        return windows;
    }

    private static WatchedWindows.Window unwatched(ApplicationHost host, int windowMs) {
        Await.sleep(PAUSE_MS);
        return window(host, windowMs);
    }

    private static WatchedWindows.Window window(ApplicationHost host, int ms) {
        return WatchedWindows.Window.of(host.work(ms), Runtime.getRuntime().availableProcessors());
    }

    /** By the agent's own bill, once what it does to begin is no longer on it. */
    private void allocation(ApplicationHost host) {
        Samples kib = new Samples();
        ours.start(host.jvm());
        try {
            host.work(2 * BILL_MS);
            JsonElement bytes = host.jvm().status().getAsJsonObject("cost").get("allocatedBytesPerSecond");
            if (!bytes.isJsonNull()) {
                kib.add(bytes.getAsDouble() / KIB);
            }
        } finally {
            ours.stop();
        }
        allocation.row(host.name(), kib.text("%.0f"));
    }

    private static Table table(String application, List<Watcher> able, Map<Watcher, WatchedWindows> found) {
        boolean hasLatencies = able.stream().anyMatch(watcher -> !found.get(watcher).p50().isEmpty());
        Table table = hasLatencies
                ? new Table(application, "work left, %", "CPU time for each, more, %", "p50, times", "p99, times",
                        "p99.9, times")
                : new Table(application, "work left, %", "CPU time for each, more, %");
        for (Watcher watcher : able) {
            WatchedWindows windows = found.get(watcher);
            String kept = windows.kept().text("%.1f");
            String more = windows.more().text("%.1f");
            if (hasLatencies) {
                table.row(watcher.name(), kept, more, windows.p50().text("%.2f"), windows.p99().text("%.2f"),
                        windows.p999().text("%.2f"));
            } else {
                table.row(watcher.name(), kept, more);
            }
        }
        return table;
    }

    private void row(String application, List<WatchedWindows.Window> alone) {
        Samples perSecond = new Samples();
        Samples p50 = new Samples();
        Samples p99 = new Samples();
        Samples p999 = new Samples();
        for (WatchedWindows.Window window : alone) {
            perSecond.add(window.perSecond());
            if (window.latencies() != null) {
                p50.add(window.latencies().p50() / 1e3);
                p99.add(window.latencies().p99() / 1e3);
                p999.add(window.latencies().p999() / 1e3);
            }
        }
        unwatched.row(application, perSecond.text("%.0f"), p50.text("%.2f"), p99.text("%.2f"), p999.text("%.2f"));
    }

    /** The agent beside each of those that it can be compared with. */
    private void verdict(List<Watcher> able, Map<Watcher, WatchedWindows> found) {
        for (Watcher peer : ofEachEvent) {
            List<String> words = verdicts.computeIfAbsent(peer, any -> new ArrayList<>());
            if (able.contains(peer)) {
                words.add(found.get(ours).lessKeptThan(found.get(peer)).verdictOfMean(0));
                words.add(found.get(ours).dearerThan(found.get(peer)).verdictOfMean(0));
            } else {
                words.addAll(List.of("–", "–"));
            }
        }
    }

    private Table verdicts() {
        Table table = new Table("beside", "HTTP server: by work left", "by CPU time", "SQL database: by work left",
                "by CPU time");
        for (Watcher peer : ofEachEvent) {
            List<String> cells = new ArrayList<>(List.of(peer.name()));
            cells.addAll(verdicts.get(peer));
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }

    private static int rounds(Effort effort) {
        return effort == Effort.FULL ? ROUNDS : QUICK_ROUNDS;
    }

    /** wrk knows whole seconds. */
    private static int windowMs(Effort effort) {
        return effort.windowMs() / 1_000 * 1_000;
    }

    private String text(Effort effort, String client) {
        String absent = watchers.absent() + refused;
        return """
                The two applications of the chapters before, under as much load as both CPUs can take, while one after
                the other watches the JVM: bpf-agent with its defaults; tools of libbpf-tools, and a program of
                bpftrace, each of which tells a part of what it tells; javagc; async-profiler's samples by the clock; a
                recording of the JVM's own Flight Recorder. Each begins in the running JVM %d s before its windows, so
                that these show its first seconds, and nobody watches in the window after them. Rounds: %d, each turn
                %d windows of %d s. Each window is compared with the mean of the unwatched ones just before and after
                the turn; the row `(nobody)` is what comes out when nothing is begun. Windows are taken as they come:
                what a peer does in a process of its own cannot be told from what others do. It is in the work left,
                and not in the JVM's CPU time. What the JIT compilers took is given back, as in that chapter.

                %s%s%s
                Target: beside each that sees every event as well, no less work left and no more CPU time taken, and
                twice the standard error of the difference, round by round, must leave no doubt:

                %s
                To what these figures are ratios:

                %s
                What the agent allocates in the heap, by its bill (`status`) %d s after it came:

                %s
                From `attach-cli PID` to the first `threads` document in which time has passed, asked for every 20 ms.
                Target: at most one interval, 1 s, after the command has ended.

                %s""".formatted(SETTLE_MS / 1_000, rounds(effort), WINDOWS, windowMs(effort) / 1_000, client, tables,
                absent, verdicts(), unwatched, 2 * BILL_MS / 1_000, allocation, firstData);
    }
}
