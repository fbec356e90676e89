package io.bpfagent.it.numbers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bpfagent.it.Await;
import io.bpfagent.it.ControlClient;
import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.Report;
import io.bpfagent.it.Report.ThreadReport;
import io.bpfagent.it.SceneHost;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The times of contexts are those of the threads that were in them. */
class ContextTimesIT {
    private static final int TIMES = 23;
    private static final double MS = 1e6;
    private static final long LONG_NS = 40_000_000;
    private static final int SETTLE_MS = 300;

    private static HostJvm start(Jdk jdk) {
        return SceneHost.start(jdk, SceneHost.INTERVAL + ",contexts=on");
    }

    /** A fresh document of contexts. */
    private static JsonObject contexts(HostJvm host) {
        // Two snapshots, so that what has ended is in it.
        Await.sleep(SETTLE_MS);
        return host.control().get(ControlClient.request("contexts"));
    }

    private static JsonObject context(JsonObject document, String name) {
        JsonArray contexts = document.getAsJsonArray("contexts");
        for (JsonElement element : contexts) {
            if (element.getAsJsonObject().get("name").getAsString().equals(name)) {
                return element.getAsJsonObject();
            }
        }
        throw new AssertionError("no context " + name + " in " + document);
    }

    private static long count(JsonObject context, String state) {
        return context.getAsJsonObject("exclusive").getAsJsonObject(state).get("count").getAsLong();
    }

    private static Map<String, Long> exclusive(JsonObject document, List<String> names) {
        Map<String, Long> sum = new TreeMap<>();
        for (String name : names) {
            JsonObject states = context(document, name).getAsJsonObject("exclusive");
            for (String state : states.keySet()) {
                sum.merge(state, states.getAsJsonObject(state).get("ns").getAsLong(), Long::sum);
            }
        }
        return sum;
    }

    /** What was added to these times; sleeping goes on from one document to the next. */
    private static Map<String, Long> added(Map<String, Long> before, Map<String, Long> after) {
        Map<String, Long> added = new TreeMap<>(after);
        added.replaceAll((state, ns) -> ns - before.getOrDefault(state, 0L));
        added.remove("blocked_sleep");
        added.remove("blocked_park");
        return added;
    }

    /** How many stays of a context in a state took so long at least: HotSpot has shorter ones of its own in between. */
    private static long longStays(HostJvm host, String context, String state) {
        JsonObject request = ControlClient.request("hist");
        request.addProperty("metric", state);
        request.addProperty("context", context);
        return Histogram.only(host.control().get(request)).countFrom(LONG_NS);
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void twentyThreeRequestsAreTwentyThreeSyncsAndSleeps(Jdk jdk) {
        try (HostJvm host = start(jdk)) {
            SceneHost.play(host, "requests " + TIMES);
            JsonObject document = contexts(host);
            JsonObject orders = context(document, "POST /orders");
            assertEquals("request", orders.get("kind").getAsString());
            assertEquals(TIMES, orders.get("count").getAsLong());
            assertEquals(TIMES, longStays(host, "POST /orders", "blocked_sleep"), document::toString);
            // A file system with a journal waits for the data, and for that too.
            long synced = count(orders, "blocked_disk");
            assertTrue(synced >= TIMES, document::toString);
            assertEquals(host.histogramOfPool("blocked_disk", "requester").count(), synced);
            long slept = orders.getAsJsonObject("exclusive").getAsJsonObject("blocked_sleep").get("ns").getAsLong();
            assertTrue(slept >= TIMES * 50 * MS && slept < TIMES * 60 * MS, () -> "slept " + slept);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void theTimesOfAThreadsContextsAreTheThreads(Jdk jdk) {
        try (HostJvm host = start(jdk)) {
            SceneHost.play(host, "nester");
            Map<String, Long> before = exclusive(contexts(host), List.of("outer"));
            Map<String, Long> threadBefore = host.freshReport().thread("nester").timesNs();
            SceneHost.play(host, "nested 2000");
            JsonObject document = contexts(host);
            Report report = host.freshReport();
            Map<String, Long> ofThread = added(threadBefore, report.thread("nester").timesNs());
            Map<String, Long> ofContexts = added(before, exclusive(document, List.of("outer", "inner")));
            ofThread.forEach((state, ns) -> assertEquals(ns / MS, ofContexts.get(state) / MS, ns / MS / 100 + 1,
                    () -> state + " in " + ofThread + ", " + ofContexts));
            JsonObject outer = context(document, "outer");
            JsonObject inner = context(document, "inner");
            long rounds = count(inner, "blocked_sleep");
            assertTrue(rounds > 200, () -> rounds + " rounds");
            // Within itself too. Where there is no CPU in time a sleep is over before it begins; a safepoint makes two
            // of one.
            long entered = inner.get("count").getAsLong();
            assertTrue(entered % 2 == 0 && entered > 1.8 * rounds && entered < 2.2 * rounds, () -> entered + " in "
                    + rounds + " rounds");
            assertEquals(1, outer.get("count").getAsLong());
            long ran = inner.getAsJsonObject("exclusive").getAsJsonObject("running").get("ns").getAsLong();
            long ranOuter = outer.getAsJsonObject("exclusive").getAsJsonObject("running").get("ns").getAsLong();
            assertTrue(ranOuter > 1.5 * ran && ranOuter < 7 * ran, () -> ranOuter + " outside, " + ran + " inside");
            assertEquals(outer.getAsJsonObject("inclusive").get("running").getAsLong(), ran + ranOuter);
            assertEquals(0, report.loss("unsplit_context_ns"));
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void changesThatAreTooFastForTheClockAreDividedAsSamplesSay(Jdk jdk) {
        try (HostJvm host = start(jdk)) {
            SceneHost.play(host, "fast 2000");
            JsonObject document = contexts(host);
            Report report = host.freshReport();
            ThreadReport flyer = report.thread("flyer");
            Map<String, Long> light = exclusive(document, List.of("light"));
            Map<String, Long> heavy = exclusive(document, List.of("heavy"));
            double heavyPart = heavy.get("running") / (double) (heavy.get("running") + light.get("running"));
            assertTrue(report.loss("unsplit_context_ns") > 0);
            assertTrue(heavyPart > 0.5 && heavyPart < 0.95, () -> heavyPart
                    + " of the time in three quarters of the work");
            assertEquals(flyer.timeNs("running") / MS, (heavy.get("running") + light.get("running")) / MS,
                    flyer.timeNs("running") / MS / 100 + 5);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void nothingOfAThreadThatEndsInAContextIsTheNextOnes(Jdk jdk) {
        try (HostJvm host = start(jdk)) {
            SceneHost.play(host, "dies-inside 30");
            SceneHost.play(host, "unbalanced");
            JsonObject document = contexts(host);
            JsonObject fatal = context(document, "fatal");
            assertEquals(30, fatal.get("count").getAsLong());
            assertTrue(fatal.get("wallNs").getAsLong() < 1000 * MS, fatal::toString);
            assertEquals(0, count(fatal, "blocked_sleep"), fatal::toString);
            JsonObject odd = context(document, "odd");
            assertEquals(2, odd.get("count").getAsLong());
            assertEquals(0, count(odd, "blocked_sleep"), odd::toString);
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void contextsGoOnWhenTheAgentComesAgain(Jdk jdk) {
        try (HostJvm host = start(jdk)) {
            SceneHost.play(host, "nester");
            host.send("nested 4000");
            Await.sleep(500);
            host.detach();
            host.attach(SceneHost.INTERVAL + ",contexts=on");
            host.await("on");
            SceneHost.awaitEnd(host, "nested 4000");
            JsonObject document = contexts(host);
            // Begun before the agent was there again: none of its time is known.
            assertTrue(count(context(document, "inner"), "blocked_sleep") > 100, document::toString);
            SceneHost.play(host, "requests " + TIMES);
            JsonObject orders = context(contexts(host), "POST /orders");
            assertEquals(TIMES, orders.get("count").getAsLong());
            assertEquals(TIMES, longStays(host, "POST /orders", "blocked_sleep"));
        }
    }
}
