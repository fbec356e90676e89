package io.bpfagent.it.numbers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bpfagent.it.Await;
import io.bpfagent.it.ControlClient;
import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.Report;
import io.bpfagent.it.SceneHost;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What virtual threads do is told of them, and adds up to what their carriers did. */
class VirtualThreadsIT {
    private static final int TIMES = 23;
    private static final int CROWD = 10_000;
    private static final String CARRIERS = "ForkJoinPool-#-worker-#";
    private static final Duration SOON = Duration.ofSeconds(90);

    static Stream<Jdk> jdksWithVirtualThreads() {
        return Jdks.all().stream().filter(jdk -> jdk.release() >= 21);
    }

    static Stream<Jdk> jdksWithout() {
        return Jdks.all().stream().filter(jdk -> jdk.release() < 21);
    }

    private static HostJvm start(Jdk jdk, String arguments, String... flags) {
        HostJvm host = SceneHost.start(SceneHost.command(jdk, "-Djdk.virtualThreadScheduler.parallelism=2",
                "-Djdk.virtualThreadScheduler.maxPoolSize=2").jvm(flags), SceneHost.INTERVAL + arguments);
        awaitHook(host, arguments.contains("virtual=true"));
        return host;
    }

    private static void awaitHook(HostJvm host, boolean there) {
        Await.until(SOON, () -> "virtual threads followed: " + there + "\n" + host.status(), () -> {
            boolean found = false;
            boolean busy = false;
            for (JsonElement element : host.status().getAsJsonArray("probes")) {
                JsonObject probe = element.getAsJsonObject();
                found |= probe.get("name").getAsString().equals("virtual threads")
                        && probe.get("detail").getAsString().startsWith("in 1 class");
                // A class is named before the JVM has taken it over.
                busy |= probe.get("name").getAsString().equals("hooks");
                assertFalse(probe.get("status").getAsString().equals("failed"), probe::toString);
            }
            return found == there && !busy;
        });
    }

    private static JsonObject contexts(HostJvm host) {
        host.freshReport();
        return host.control().get(ControlClient.request("contexts"));
    }

    private static Map<String, JsonObject> byName(JsonObject document) {
        Map<String, JsonObject> contexts = new TreeMap<>();
        for (JsonElement context : document.getAsJsonArray("contexts")) {
            contexts.put(context.getAsJsonObject().get("name").getAsString(), context.getAsJsonObject());
        }
        return contexts;
    }

    private static long exclusiveNs(JsonObject context, String state) {
        return context.getAsJsonObject("exclusive").getAsJsonObject(state).get("ns").getAsLong();
    }

    private static long exclusiveNs(JsonObject context) {
        long ns = 0;
        for (String state : context.getAsJsonObject("exclusive").keySet()) {
            ns += exclusiveNs(context, state);
        }
        return ns;
    }

    private static long sum(JsonObject document, String state) {
        return byName(document).values().stream()
                .mapToLong(context -> state == null ? exclusiveNs(context) : exclusiveNs(context, state)).sum();
    }

    @ParameterizedTest
    @MethodSource("jdksWithVirtualThreads")
    void tenThousandOnTwoCarriersAddUp(Jdk jdk) {
        // No collection comes in between: it would stop one thread within what it counts, and one beside.
        try (HostJvm host = start(jdk, ",virtual=true", "-Xmx768m", "-Xmn512m", "-XX:+UseSerialGC")) {
            SceneHost.play(host, "virtual-crowd " + CROWD + " 1"); // compiled by then
            JsonObject before = contexts(host);
            SceneHost.play(host, "virtual-crowd " + CROWD + " 0");
            JsonObject idle = contexts(host);
            long carriersBefore = host.freshReport().pool(CARRIERS).timeNs("running");
            long idled = Long.parseLong(lastLine(host, "worked ").split(" ")[1]);
            SceneHost.play(host, "virtual-crowd " + CROWD + " 250");
            long worked = Long.parseLong(lastLine(host, "worked ").split(" ")[1]);
            JsonObject after = contexts(host);
            Report report = host.freshReport();
            long all = sum(after, null) - sum(idle, null);
            // To yield or sleep, and to come back, takes some us, in the context: at most as long as with nothing
            // around it.
            long beside = sum(idle, null) - sum(before, null) - idled;
            assertTrue(all >= worked * 0.99 && all <= worked * 1.01 + beside,
                    () -> "worked " + worked + ", beside it " + beside + ", contexts " + all);
            long running = sum(after, "running") - sum(idle, "running");
            long carriers = report.pool(CARRIERS).timeNs("running") - carriersBefore;
            assertTrue(running <= carriers && running >= 0.95 * carriers, () -> running + " of " + carriers);
            Map<String, JsonObject> contexts = byName(after);
            assertEquals(3 * CROWD, contexts.get("within").get("count").getAsLong());
            for (int kind = 0; kind < 8; kind++) {
                assertEquals(3 * CROWD / 8, contexts.get("kind " + kind).get("count").getAsLong());
            }
            assertEquals(0, report.loss("virtual_threads_without_place"));
            assertEquals(0, report.loss("contexts_on_virtual_threads"));
            assertEquals(0, report.loss("contexts_without_row"));
            // Each began once, and went on once.
            assertEquals(2 * 3 * CROWD, host.histogram("virtual_runnable").count());
            assertEquals(2 * 3 * CROWD, host.histogram("virtual_mounted").count());
        }
    }

    @ParameterizedTest
    @MethodSource("jdksWithVirtualThreads")
    void whoWaitsForAMonitorComesBackInItsContext(Jdk jdk) {
        try (HostJvm host = start(jdk, ",virtual=true")) {
            SceneHost.play(host, "virtual-monitors 2000");
            Report report = host.freshReport();
            // A sandbox may hide a carrier's begin from the programs: then that carrier is without a row for a moment.
            // A mount there is one such loss, and the scene looks at its context twice at most before it is unmounted.
            long wrong = Long.parseLong(lastLine(host, "wrong ").split(" ")[1]);
            assertTrue(wrong <= 2 * report.loss("contexts_without_row"), () -> wrong + " wrong, " + report.losses());
            assertEquals(0, report.loss("virtual_threads_without_place"));
        }
    }

    private static String lastLine(HostJvm host, String begin) {
        return host.stdout().stream().filter(one -> one.startsWith(begin)).reduce((a, b) -> b).orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("jdksWithVirtualThreads")
    void theWaitForACarrierIsThatWhichTheThreadsSee(Jdk jdk) {
        try (HostJvm host = start(jdk, ",virtual=true")) {
            SceneHost.play(host, "virtual-waits 32 10"); // compiled by then
            host.freshReport();
            SortedMap<Long, Long> before = host.histogram("virtual_runnable").buckets();
            long sumBefore = host.histogram("virtual_runnable").sumNs();
            SceneHost.play(host, "virtual-waits 32 100");
            host.freshReport();
            Histogram waits = host.histogram("virtual_runnable");
            long[] truth = Arrays.stream(lastLine(host, "waited ").split(" ")).skip(3).mapToLong(Long::parseLong)
                    .toArray();
            SortedMap<Long, Long> seen = new TreeMap<>(waits.buckets());
            before.forEach((upTo, count) -> seen.merge(upTo, -count, Long::sum));
            // But for a few that were unparked before they had parked.
            long count = seen.values().stream().mapToLong(Long::longValue).sum();
            assertEquals(truth.length, count, truth.length * 0.01, () -> "waits " + count + ", truth " + truth.length);
            assertEquals(Arrays.stream(truth).sum(), waits.sumNs() - sumBefore, Arrays.stream(truth).sum() * 0.05);
            for (double part : new double[] {0.5, 0.99}) {
                long found = percentile(seen, count, part);
                // Where values lie far apart, one more or less of them is another value.
                long least = truth[(int) ((part - 0.002) * truth.length)];
                long most = truth[(int) ((part + 0.002) * truth.length)];
                // A bucket is 6.25 % wide, and its upper bound is told.
                assertTrue(found >= least * 0.95 && found <= most * 1.0625 * 1.05,
                        () -> "p" + part * 100 + " " + found + ", truth " + least + " to " + most);
            }
        }
    }

    private static long percentile(SortedMap<Long, Long> buckets, long count, double part) {
        long below = 0;
        for (Map.Entry<Long, Long> bucket : buckets.entrySet()) {
            below += bucket.getValue();
            if (below >= part * count) {
                return bucket.getKey();
            }
        }
        throw new AssertionError(buckets);
    }

    @ParameterizedTest
    @MethodSource("jdksWithVirtualThreads")
    void aCarrierThatIsBlockedIsCountedByReasonAndToldByTheVirtualThreadsName(Jdk jdk) {
        try (HostJvm host = start(jdk, ",virtual=true,slow=off,slow.blocked_disk=0")) {
            SceneHost.play(host, "virtual-syncs " + TIMES);
            host.freshReport();
            long synced = host.histogramOfPool("blocked_disk", CARRIERS).count();
            assertTrue(synced >= TIMES, () -> "synced " + synced);
            Histogram pinned = Histogram.only(host.histOfOperation("virtual_pinned", "blocked_disk"));
            assertEquals(synced, pinned.count());
            assertTrue(host.histogram("virtual_pinned").count() >= synced);
            JsonObject sync = byName(contexts(host)).get("sync");
            assertEquals(synced, sync.getAsJsonObject("exclusive").getAsJsonObject("blocked_disk").get("count")
                    .getAsLong());
            List<JsonElement> events = host.freshEvents().json().getAsJsonArray("events").asList();
            List<JsonObject> virtual = events.stream().map(event -> event.getAsJsonObject().getAsJsonObject("thread"))
                    .filter(thread -> thread.has("virtual")).map(thread -> thread.getAsJsonObject("virtual")).toList();
            // Of a wake-up that was not seen there is no event (SceneHost.assertNothingLost).
            long unseen = host.freshReport().loss("missed_wakeups");
            assertTrue(virtual.size() <= synced && virtual.size() >= synced - unseen,
                    () -> virtual.size() + " of " + synced + ", " + unseen + " unseen, events " + events);
            assertEquals(1, virtual.stream().map(one -> one.get("id").getAsLong()).distinct().count());
            // Of one that had not been unmounted yet when the event was read, the name is not known.
            long named = virtual.stream().filter(one -> one.get("name").getAsString().equals("virtual writer")).count();
            assertTrue(named > synced / 2, () -> named + " of " + synced + " have the name");
        }
    }

    @ParameterizedTest
    @MethodSource("jdksWithVirtualThreads")
    void whatEndsInAContextLeavesNothingToOthers(Jdk jdk) {
        try (HostJvm host = start(jdk, ",virtual=true")) {
            SceneHost.play(host, "virtual-ends 100");
            JsonObject end = byName(contexts(host)).get("end");
            assertEquals(100, end.get("count").getAsLong());
            assertTrue(exclusiveNs(end, "running") < 50_000_000, end::toString);
        }
    }

    @ParameterizedTest
    @MethodSource("jdksWithVirtualThreads")
    void followingComesAndGoes(Jdk jdk) {
        try (HostJvm host = start(jdk, ",contexts=on")) {
            SceneHost.play(host, "virtual-ends 50");
            Report without = host.freshReport();
            assertEquals(50, without.loss("contexts_on_virtual_threads"));
            assertFalse(byName(contexts(host)).containsKey("end"));
            assertTrue(hist(host, "virtual_mounted").has("error"));
            set(host, "virtual=true");
            awaitHook(host, true);
            SceneHost.play(host, "virtual-ends 60");
            host.freshReport();
            assertEquals(60, byName(contexts(host)).get("end").get("count").getAsLong());
            long mounts = host.histogram("virtual_mounted").count();
            assertTrue(mounts >= 4 * 60, () -> mounts + " mounts");
            set(host, "virtual=false");
            awaitHook(host, false);
            SceneHost.play(host, "virtual-ends 70");
            assertEquals(60, byName(contexts(host)).get("end").get("count").getAsLong());
            set(host, "virtual=true");
            awaitHook(host, true);
            SceneHost.play(host, "virtual-crowd 504 1");
            host.freshReport();
            assertTrue(host.histogram("virtual_mounted").count() >= mounts + 2 * 504);
            host.detach();
            SceneHost.play(host, "virtual-waits 4 10");
            host.attach(SceneHost.INTERVAL + ",virtual=true");
            host.await("on");
            awaitHook(host, true);
            assertTrue(host.histogram("virtual_mounted").count() < 100, "another agent's are not this one's");
        }
    }

    private static JsonObject hist(HostJvm host, String metric) {
        JsonObject request = ControlClient.request("hist");
        request.addProperty("metric", metric);
        return host.control().ask(request);
    }

    private static JsonObject set(HostJvm host, String text) {
        JsonObject request = ControlClient.request("set");
        request.addProperty("arguments", text);
        return host.control().get(request);
    }

    @ParameterizedTest
    @MethodSource("jdksWithout")
    void isRefusedWhereThereAreNone(Jdk jdk) {
        try (HostJvm host = SceneHost.command(jdk).agent("virtual=true").start()) {
            host.awaitLine("ready");
            JsonObject status = host.await("failed");
            assertEquals("Bad argument: virtual must be false where there are no virtual threads: they came with Java"
                    + " 21, and this JVM is of " + jdk.release() + ", virtual=true. See TROUBLESHOOTING.md,"
                    + " \"Bad argument\".",
                    status.get("error").getAsString());
        }
    }

    @Test
    void thereIsAJdkToTryItOn() {
        assertTrue(jdksWithVirtualThreads().findAny().isPresent());
    }
}
