package io.bpfagent.it;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.Report.ThreadReport;
import io.bpfagent.it.exports.PromServer;
import io.bpfagent.it.hostile.HeldThread;
import io.bpfagent.workload.MixedLoad;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * A host under mixed load with all of the agent on, for long: what is lost, whether the states add up to the time
 * that has passed, and whether anything grows; and, on demand, whether it gets over minutes in which nobody reads.
 * {@code bin/soak} and {@link SoakIT} run it. One thread uses it.
 */
public final class Soak {
    private static final long MS = 1_000_000;
    /** So many looks at least, of which the first quarter is the JVM's warming up. */
    private static final int LOOKS = 8;
    private static final int MOST_SECONDS_A_LOOK = 60;
    /** On a busy machine the reader of the rows waits for a CPU between two of them. */
    private static final long READ_NS = 50 * MS;
    /** A sandbox's kernel hides so many switches and wake-ups at most, see {@link SceneHost#assertNothingLost}. */
    private static final int STAYS_FOR_ONE_HIDDEN = 100;
    /** After 45 s of it there is no room for slow events, some 35 a second, nor for records of pauses, some 220. */
    private static final int HELD_SECONDS = 180;
    private static final int AFTERWARDS_SECONDS = 20;
    private static final String READER = "bpf-agent";
    /** See {@link #lost}. */
    private static final Set<String> OF_A_SANDBOX =
            Set.of("missed_wakeups", "missed_switches", "lost_block_requests", "recursion_misses");
    private static final String ARGUMENTS = "interval=1s,contexts=on,virtual=true,max-cost=off,"
            + "slow.file_sync=1ms,slow.blocked_monitor=5ms,pause-threshold=1ms,prometheus=127.0.0.1:";

    /** What is held at one moment, and the agent's sums then. */
    private record Look(Footprint footprint, long mapKib, Report report) {}

    /** How much more of it the second half may hold than the first: see {@link #grown}. */
    private record Kind(String name, long more, ToLongFunction<Look> held) {}

    /**
     * Threads and connections come and go; a program is read when something is first needed; the JVM loads a class and
     * takes memory when something is rare.
     */
    private static final List<Kind> KINDS = List.of(
            new Kind("file descriptors", 2, look -> look.footprint().descriptors()),
            new Kind("threads", 2, look -> look.footprint().threads()),
            new Kind("BPF objects", 2, look -> look.footprint().bpfObjects()),
            new Kind("KiB of BPF maps", 0, Look::mapKib),
            new Kind("classes", 100, look -> look.footprint().classes()),
            new Kind("KiB of metaspace", 2_048, look -> look.footprint().metaspaceKib()),
            new Kind("KiB of heap", 2_048, look -> look.footprint().heapKib()),
            new Kind("KiB of anonymous memory", 12_288, look -> look.footprint().anonymousKib()));

    private final HostJvm host;
    private final URI exports;
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Look> looks = new ArrayList<>();
    private final List<String> missed = new ArrayList<>();

    private Soak(HostJvm host, int port) {
        this.host = host;
        this.exports = URI.create("http://127.0.0.1:" + port + "/metrics");
    }

    /** @param args minutes, whole; none: 30. Ends with 1 when something is missed. Takes four more minutes. */
    public static void main(String[] args) {
        Runtime.getRuntime().addShutdownHook(new Thread(Soak::endChildren, "end of children"));
        int minutes = args.length == 0 ? 30 : Integer.parseInt(args[0]);
        List<String> missed = run(Jdks.newest(), 60 * minutes, HELD_SECONDS, System.out::println);
        System.out.println(missed.isEmpty() ? "kept" : "missed:\n  " + String.join("\n  ", missed));
        System.exit(missed.isEmpty() ? 0 : 1);
    }

    /** Ctrl-C: the host ends as by SIGTERM, so that it leaves no file, and by SIGKILL if it has not ended in 10 s. */
    private static void endChildren() {
        List<ProcessHandle> children = ProcessHandle.current().descendants().toList();
        children.forEach(ProcessHandle::destroy);
        long endNs = System.nanoTime() + 10_000 * MS;
        while (children.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() - endNs < 0) {
            Await.sleep(20);
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }

    /**
     * Runs it.
     *
     * @param heldSeconds for how long the agent's thread is kept from reading afterwards; 0: not at all
     * @param lines       gets a table, line by line
     * @return what was missed, empty when nothing was
     */
    public static List<String> run(Jdk jdk, int seconds, int heldSeconds, Consumer<String> lines) {
        int port = PromServer.freePort();
        // The host's own memory does not change by itself, so that what changes is of the agent.
        try (HostJvm host = HostJvm.of(jdk).jvm("-XX:+UseSerialGC", "-XX:-UseDynamicNumberOfCompilerThreads",
                "-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch", "-XX:TieredStopAtLevel=1")
                .agent(ARGUMENTS + port).main(MixedLoad.class).start()) {
            host.awaitLine("begin");
            host.await("on");
            awaitHooks(host, jdk);
            host.send("go");
            Soak soak = new Soak(host, port);
            soak.run(seconds, lines);
            if (heldSeconds > 0) {
                soak.runWithoutReader(heldSeconds, lines);
            }
            host.send("end");
            int exit = host.awaitExit();
            if (exit != 0) {
                soak.missed.add("the host ended with " + exit + ": " + host.report());
            }
            return soak.missed;
        }
    }

    /** Virtual threads that are in contexts before they are followed are a loss. */
    private static void awaitHooks(HostJvm host, Jdk jdk) {
        Await.until(Duration.ofSeconds(90), () -> "all hooks woven in\n" + host.status(), () -> {
            List<JsonObject> probes = host.status().getAsJsonArray("probes").asList().stream()
                    .map(JsonElement::getAsJsonObject).toList();
            // A class is named before the JVM has taken it over: while there is a probe "hooks", that goes on.
            return probes.stream().noneMatch(probe -> probe.get("name").getAsString().equals("hooks"))
                    && (jdk.release() < 21 || probes.stream().anyMatch(Soak::followsVirtualThreads));
        });
    }

    private static boolean followsVirtualThreads(JsonObject probe) {
        return probe.get("name").getAsString().equals("virtual threads")
                && probe.get("detail").getAsString().startsWith("in 1 class");
    }

    private void run(int seconds, Consumer<String> lines) {
        int number = Math.max(LOOKS, seconds / MOST_SECONDS_A_LOOK);
        lines.accept(String.format(Locale.ROOT, "%7s %6s %8s %4s %8s %8s %8s %9s %8s %8s %6s", "s", "fds", "threads",
                "BPF", "maps,KiB", "classes", "meta,KiB", "heap,KiB", "anon,KiB", "resident", "lost"));
        long begunNs = System.nanoTime();
        for (int i = 1; i <= number; i++) {
            scrapeUntil(begunNs + seconds * 1_000 * MS / number * i);
            Look look = look(i);
            if (!looks.isEmpty()) {
                compare(looks.get(looks.size() - 1).report(), look.report());
            }
            looks.add(look);
            lines.accept(row((System.nanoTime() - begunNs) / MS / 1_000, look));
        }
        missed.addAll(lost(looks.get(number - 1).report()));
        missed.addAll(grown());
        if (host.pauses(0).pauses().isEmpty() || host.freshEvents().events().isEmpty()) {
            missed.add("there were no pauses or no slow events");
        }
    }

    /**
     * The rings fill up and stay full. Then the agent reads again: what was lost is a number, the states add up to the
     * time all the same, and nothing more is lost.
     */
    private void runWithoutReader(int seconds, Consumer<String> lines) {
        long begunNs = System.nanoTime();
        Report before = host.freshReport();
        try (HeldThread held = HeldThread.of(host.pid(), READER, temporaryDirectory())) {
            lines.accept("for " + seconds + " s " + READER + " does not read");
            scrapeUntil(begunNs + seconds * 1_000 * MS);
            if (new Report(host.threads()).wallNs() - before.wallNs() > seconds * 500 * MS) {
                missed.add("the agent has read all the same, " + held);
            }
        }
        Report after = host.freshReport();
        compare(before, after);
        Map<String, Long> lost = lossesSince(before, after);
        lines.accept("lost meanwhile: " + lost);
        if (!lost.keySet().containsAll(List.of("lost_pause_records", "lost_slow_events"))) {
            missed.add("not both rings were full, losses " + lost);
        }
        scrapeUntil(System.nanoTime() + AFTERWARDS_SECONDS * 1_000 * MS);
        Report later = host.freshReport();
        compare(after, later);
        Map<String, Long> more = lossesSince(after, later);
        more.keySet().removeAll(OF_A_SANDBOX);
        if (!more.isEmpty()) {
            missed.add("losses with a reader again " + more);
        }
    }

    private static Map<String, Long> lossesSince(Report before, Report now) {
        Map<String, Long> more = now.losses();
        more.replaceAll((key, number) -> number - before.loss(key));
        more.values().removeIf(number -> number == 0);
        return more;
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("soak");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An answer a second, in protobuf and as text by turns, all of which must come. */
    private void scrapeUntil(long untilNs) {
        String accept = PromServer.PROTOBUF;
        while (System.nanoTime() - untilNs < 0) {
            HttpRequest request = HttpRequest.newBuilder(exports).header("Accept", accept).build();
            accept = accept.equals(PromServer.PROTOBUF) ? "*/*" : PromServer.PROTOBUF;
            try {
                int status = client.send(request, BodyHandlers.discarding()).statusCode();
                if (status != 200) {
                    missed.add("a scrape was answered " + status);
                }
            } catch (IOException e) {
                missed.add("a scrape was not answered: " + e);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            Await.sleep(Math.max(0, Math.min(1_000, (untilNs - System.nanoTime()) / MS)));
        }
    }

    private Look look(int number) {
        Report report = host.freshReport();
        return new Look(Footprint.of(host, number), mapKib(), report);
    }

    /** What the kernel has charged for the agent's maps. */
    private long mapKib() {
        Map<Integer, Long> bytes = JsonParser.parseString(Tools.run("bpftool", "-j", "map", "show")).getAsJsonArray()
                .asList().stream().map(JsonElement::getAsJsonObject).collect(Collectors.toMap(
                        map -> map.get("id").getAsInt(), Soak::charged));
        return OurBpf.heldBy(host.pid()).maps().stream().mapToLong(id -> bytes.getOrDefault(id, 0L)).sum() / 1024;
    }

    private static long charged(JsonObject map) {
        return map.has("bytes_memlock") ? map.get("bytes_memlock").getAsLong() : 0;
    }

    /** Of each thread that was there both times, the states are to add up to the time between, within 1 %. */
    private void compare(Report before, Report now) {
        long passedNs = now.wallNs() - before.wallNs();
        Map<Integer, ThreadReport> then = before.threads().stream()
                .collect(Collectors.toMap(ThreadReport::tid, Function.identity()));
        for (ThreadReport thread : now.threads()) {
            ThreadReport earlier = then.get(thread.tid());
            if (earlier == null || !earlier.name().equals(thread.name())) {
                continue; // a new one
            }
            long ns = Report.sum(thread.timesNs()) - Report.sum(earlier.timesNs());
            if (Math.abs(ns - passedNs) > Math.max(passedNs / 100, READ_NS)) {
                missed.add(thread.name() + ": states of " + ns / MS + " ms in " + passedNs / MS + " ms");
            }
        }
    }

    /**
     * All losses but those that the kernel of a sandbox causes: some switches and wake-ups, ends of requests to disks,
     * and now and then a change of a connection.
     */
    private List<String> lost(Report report) {
        Map<String, Long> losses = report.losses();
        losses.remove("lost_block_requests");
        long hidden = losses.getOrDefault("missed_wakeups", 0L) + losses.getOrDefault("missed_switches", 0L);
        if (hidden <= host.histogram("runnable").count() / STAYS_FOR_ONE_HIDDEN) {
            losses.keySet().removeAll(List.of("missed_wakeups", "missed_switches"));
        }
        String missing = Tools.run("bpftool", "prog", "show").lines().filter(line -> line.contains("recursion_misses"))
                .collect(Collectors.joining("\n"));
        if (missing.lines().allMatch(line -> line.contains("name inet_sock_set_state "))) {
            losses.remove("recursion_misses");
        }
        return losses.isEmpty() ? List.of() : List.of("losses " + losses + " " + missing);
    }

    /**
     * The least of the first half after the warming up against the least of the second: what grows has grown in every
     * look of the second, and what comes and goes is missing in one of them.
     */
    private List<String> grown() {
        List<String> grown = new ArrayList<>();
        int first = looks.size() / 4;
        int middle = (first + looks.size()) / 2;
        for (Kind kind : KINDS) {
            long before = least(kind, looks.subList(first, middle));
            long after = least(kind, looks.subList(middle, looks.size()));
            if (after > before + kind.more()) {
                grown.add(kind.name() + ": " + before + " have become " + after + " (at most " + kind.more()
                        + " more)");
            }
        }
        return grown;
    }

    private static long least(Kind kind, List<Look> some) {
        return some.stream().mapToLong(kind.held()).min().orElseThrow();
    }

    private String row(long second, Look look) {
        Footprint held = look.footprint();
        return String.format(Locale.ROOT, "%7d %6d %8d %4d %8d %8d %8d %9d %8d %8s %6d", second, held.descriptors(),
                held.threads(), held.bpfObjects(), look.mapKib(), held.classes(), held.metaspaceKib(), held.heapKib(),
                held.anonymousKib(), host.procStatus("VmRSS").replaceFirst(" kB$", ""),
                Report.sum(look.report().losses()));
    }
}
