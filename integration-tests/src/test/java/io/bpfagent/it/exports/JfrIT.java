package io.bpfagent.it.exports;

import static io.bpfagent.it.guest.Unharmed.assertEndsAsEver;
import static io.bpfagent.it.guest.Unharmed.assertSilent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bpfagent.it.Await;
import io.bpfagent.it.ControlClient;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jcmd;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.SlowReport;
import io.bpfagent.it.SlowReport.SlowEntry;
import io.bpfagent.workload.Errand;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import jdk.jfr.Timespan;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recordings of real JVMs have what the agent knows, and a JVM without JFR has nothing of it. */
class JfrIT {
    private static final int TIMES = 23;
    private static final int HELD_MS = 60;
    private static final long MS = 1_000_000;
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String AGENT_TIER = "io.bpfagent.agent.";
    private static final String OUR_TYPES = "io.bpfagent.export.jfr.";

    @TempDir
    Path directory;

    private static JsonObject probe(HostJvm host) {
        for (JsonElement element : host.status().getAsJsonArray("probes")) {
            if (element.getAsJsonObject().get("name").getAsString().equals("jfr")) {
                return element.getAsJsonObject();
            }
        }
        return null;
    }

    private static void awaitRegistered(HostJvm host) {
        Await.until(SOON, () -> "events, " + probe(host),
                () -> probe(host).get("detail").getAsString().startsWith("io.bpfagent."));
    }

    /** The agent sends them with the next snapshot: what is known there, a recording has. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void slowEventsStandBesideJfrsOwn(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL + ",max-cost=off,slow.blocked_wait=40ms")) {
            JfrFile.start(jdk, host, "jdk.JavaMonitorEnter#threshold=20ms");
            awaitRegistered(host);
            long before = host.freshEvents().seen();
            SceneHost.play(host, "held " + TIMES + " " + HELD_MS);
            SlowReport report = host.freshEvents().after(before);
            host.freshReport();
            JfrFile file = JfrFile.dump(jdk, host, directory.resolve("slow.jfr"));
            Map<Long, RecordedEvent> recorded = file.of(JfrFile.SLOW).stream()
                    .collect(Collectors.toMap(event -> event.getLong("number"), event -> event));
            List<SlowEntry> entries = report.events();
            assertTrue(report.of("waiter", "blocked_monitor").size() >= TIMES - 2, entries::toString);
            for (SlowEntry entry : entries) {
                RecordedEvent event = recorded.get(entry.number());
                assertNotNull(event, entry::toString);
                assertEquals(entry.durationNs(), event.getDuration("exactDuration").toNanos());
                assertEquals(List.of(entry.metric(), entry.thread()),
                        List.of(event.getString("metric"), event.getString("threadName")));
                assertEquals(List.of(entry.tid(), entry.javaId()),
                        List.of(event.getLong("osThreadId"), event.getLong("javaThreadId")));
                assertEquals(entry.stack().isEmpty() ? null : String.join("\n", entry.stack()),
                        event.getString("stack"));
                if (event.getThread("thread") != null) {
                    assertEquals(entry.javaId(), event.getThread("thread").getJavaThreadId());
                }
                assertEquals(entry.durationNs(), event.getDuration().toNanos(), 0.01 * entry.durationNs() + MS);
            }
            // Who waits for the others lives all the time.
            assertTrue(file.of(JfrFile.SLOW).stream().anyMatch(event -> event.getThread("thread") != null
                    && event.getThread("thread").getJavaName().equals("director of held")), () -> file.of(JfrFile.SLOW)
                    .stream()
                    .map(event -> event.getString("threadName") + " " + event.getThread("thread")).toList().toString());
            assertStandsBesideJfrsOwn(file);
            assertPrints(file, JfrFile.SLOW, entries.stream().map(SlowEntry::number).toList());
            JfrFile.stop(jdk, host);
            assertSilent(host);
        }
    }

    /**
     * Up to JDK 23 a waiting thread wakes itself now and then, which cuts its wait into pieces: the last one ends it.
     */
    private static void assertStandsBesideJfrsOwn(JfrFile file) {
        List<Instant> ends = file.of(JfrFile.SLOW).stream()
                .filter(event -> event.getString("metric").equals("blocked_monitor")
                        && event.getString("threadName").equals("waiter"))
                .map(RecordedEvent::getEndTime).toList();
        List<RecordedEvent> theirs = file.of("jdk.JavaMonitorEnter").stream()
                .filter(event -> event.getThread().getJavaName().equals("waiter")).toList();
        assertTrue(theirs.size() >= TIMES - 2, theirs::toString);
        long beside = theirs.stream().filter(event -> ends.stream().anyMatch(end ->
                Math.abs(Duration.between(end, event.getEndTime()).toNanos()) < 10 * MS)).count();
        // A thread may wait for a CPU before it can say that it has the lock.
        assertTrue(beside >= theirs.size() - 3, () -> beside + " of " + theirs.size());
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void pausesAndPoolsHaveTheAgentsNumbers(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL + ",max-cost=off")) {
            JfrFile.start(jdk, host, "+io.bpfagent.PoolStates#period=100ms");
            awaitRegistered(host);
            SceneHost.play(host, "dumps " + TIMES);
            Map<Long, JsonObject> pauses = new TreeMap<>();
            host.freshPauses(0).json().getAsJsonArray("pauses").forEach(element ->
                    pauses.put(element.getAsJsonObject().get("number").getAsLong(), element.getAsJsonObject()));
            host.freshReport();
            JfrFile file = JfrFile.dump(jdk, host, directory.resolve("pauses.jfr"));
            List<RecordedEvent> dumps = file.of(JfrFile.PAUSE).stream()
                    .filter(event -> event.getString("operation").equals("ThreadDump")).toList();
            // A chunk of a recording has a dump of JFR's own as well.
            assertTrue(dumps.size() >= TIMES, dumps::toString);
            for (RecordedEvent event : dumps) {
                JsonObject pause = pauses.get(event.getLong("number"));
                assertEquals(pause.get("totalNs").getAsLong(), ns(event, "exactDuration"));
                assertEquals(pause.get("timeToSafepointNs").getAsLong(), ns(event, "timeToSafepoint"));
                JsonObject parts = pause.getAsJsonObject("partsNs");
                assertEquals(parts.get("reaching").getAsLong(), ns(event, "reaching"));
                assertEquals(parts.get("working").getAsLong(), ns(event, "working"));
                assertEquals(parts.get("no_cpu").getAsLong(), ns(event, "noCpu"));
                assertEquals(pause.get("atMs").getAsLong(), event.getStartTime().toEpochMilli(), 10);
            }
            assertPrints(file, JfrFile.PAUSE, dumps.stream().map(event -> event.getLong("number")).toList());
            // JFR may sleep for a second before it sees that there is something new to be asked for.
            Path again = directory.resolve("pools.jfr");
            Await.until(SOON, () -> "pools, " + probe(host), () -> mainPool(JfrFile.dump(jdk, host, again)).size() > 2);
            JfrFile later = JfrFile.dump(jdk, host, again);
            List<RecordedEvent> pools = mainPool(later);
            RecordedEvent last = pools.get(pools.size() - 1);
            assertEquals(ns(last, "total"), last.getFields().stream().map(field -> field.getName())
                    .filter(name -> name.matches("running|runnable|blocked[A-Z].*")).mapToLong(name -> ns(last, name))
                    .sum());
            assertTrue(ns(last, "total") <= ns(last, "measured") + MS, last::toString);
            List<JsonObject> printed = later.printed().get(JfrFile.POOLS);
            assertEquals(later.of(JfrFile.POOLS).size(), printed.size());
            assertEquals(pools.stream().map(event -> ns(event, "total")).sorted().toList(), printed.stream()
                    .filter(values -> values.get("pool").getAsString().equals("main"))
                    .map(values -> Duration.parse(values.get("total").getAsString()).toNanos()).sorted().toList());
            assertSilent(host);
        }
    }

    /**
     * The {@code jfr} of the JDK that wrote the file prints what this JVM's reader finds in it: events with these
     * numbers among them, and none but the agent's.
     */
    private static void assertPrints(JfrFile file, String type, List<Long> numbers) {
        Map<String, List<JsonObject>> printed = file.printed();
        Map<String, List<Map<String, String>>> shown = file.shown();
        assertTrue(Set.of(JfrFile.SLOW, JfrFile.PAUSE, JfrFile.POOLS).containsAll(printed.keySet()), printed::toString);
        assertEquals(counts(printed), counts(shown));
        Map<Long, JsonObject> values = printed.get(type).stream()
                .collect(Collectors.toMap(event -> event.get("number").getAsLong(), event -> event));
        Map<Long, Map<String, String>> texts = shown.get(type).stream()
                .collect(Collectors.toMap(event -> Long.parseLong(event.get("number")), event -> event));
        assertTrue(values.keySet().containsAll(numbers), () -> numbers + " of " + values.keySet());
        assertEquals(file.of(type).size(), values.size());
        for (RecordedEvent event : file.of(type)) {
            JsonObject value = values.get(event.getLong("number"));
            Map<String, String> text = texts.get(event.getLong("number"));
            for (ValueDescriptor field : event.getFields()) {
                String name = field.getName();
                if (field.getAnnotation(Timespan.class) != null && !name.equals("duration")) {
                    assertEquals(ns(event, name), Duration.parse(value.get(name).getAsString()).toNanos(), name);
                    assertEquals(ns(event, name), shownNs(text.get(name)), 0.01 * ns(event, name), name);
                } else if (field.getTypeName().equals("java.lang.String")) {
                    assertEquals(event.getString(name), value.get(name).isJsonNull() ? null
                            : value.get(name).getAsString(), name);
                } else if (field.getTypeName().matches("int|long") && field.getContentType() == null) {
                    assertEquals(event.getLong(name), value.get(name).getAsLong(), name);
                    assertEquals(Long.toString(event.getLong(name)), text.get(name), name);
                }
            }
        }
    }

    private static <T> Map<String, Integer> counts(Map<String, List<T>> events) {
        return events.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().size()));
    }

    /** What is shown as {@code 12.6 ms}, three digits of it. */
    private static double shownNs(String text) {
        String[] words = text.replace(',', '.').split(" ");
        double unitNs = switch (words[1]) {
            case "ns" -> 1;
            case "us" -> 1e3;
            case "ms" -> 1e6;
            case "s" -> 1e9;
            default -> throw new AssertionError(text);
        };
        return Double.parseDouble(words[0]) * unitNs;
    }

    private static List<RecordedEvent> mainPool(JfrFile file) {
        return file.of(JfrFile.POOLS).stream().filter(event -> event.getString("pool").equals("main")).toList();
    }

    private static long ns(RecordedEvent event, String field) {
        return event.getDuration(field).toNanos();
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void nothingOfItIsLoadedWhileNobodyUsesJfr(Jdk jdk) {
        try (HostJvm host = SceneHost.start(SceneHost.command(jdk, "-Xlog:class+load:stderr"), SceneHost.INTERVAL)) {
            host.freshReport();
            assertEquals("Waits for somebody to use JFR", probe(host).get("detail").getAsString());
            List<String> loaded = host.stderr().stream().filter(line -> line.contains(OUR_TYPES)
                    || line.contains(" jdk.jfr.")).map(line -> line.replaceFirst(" source: .*", "")
                    .replaceFirst(".* ", ""))
                    .toList();
            assertEquals(List.of("io.bpfagent.export.jfr.JfrExport", "jdk.jfr.FlightRecorder"), loaded);
            host.control().get(setting("jfr=off"));
            host.freshReport();
            assertNull(probe(host));
        }
    }

    private static JsonObject setting(String arguments) {
        JsonObject request = ControlClient.request("set");
        request.addProperty("arguments", arguments);
        return request;
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aJvmWithoutJfrSaysSo(Jdk jdk) {
        try (HostJvm host = SceneHost.start(SceneHost.command(jdk, "--limit-modules",
                "java.base,java.instrument,jdk.attach,jdk.jcmd,jdk.unsupported"), SceneHost.INTERVAL)) {
            Await.until(SOON, () -> "no JFR, " + probe(host),
                    () -> probe(host).get("status").getAsString().equals("unsupported"));
            assertEquals("No JFR events: this JVM runs without the module jdk.jfr",
                    probe(host).get("detail").getAsString());
        }
    }

    /** The event classes belong to the agent's loader: it must go while their recording goes on. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void theAgentGoesWhileTheRecordingGoesOn(Jdk jdk) {
        try (HostJvm host = HostJvm.of(jdk).main(Errand.class).start()) {
            host.awaitLine("begin");
            JfrFile.start(jdk, host, "+io.bpfagent.PoolStates#period=100ms");
            for (int time = 0; time < 3; time++) {
                host.attach("interval=100ms,jar=" + HostJvm.agentJar());
                host.await("on");
                awaitRegistered(host);
                Jcmd.run(jdk, host, "GC.run");
                Await.until(SOON, () -> "events, " + probe(host), () -> probe(host).get("runs").getAsLong() > 20);
                host.detach();
                Await.until(SOON, () -> "still loaded: " + Jcmd.classesOf(jdk, host, AGENT_TIER)
                        + Jcmd.classesOf(jdk, host, OUR_TYPES), () -> Jcmd.classesOf(jdk, host, AGENT_TIER).isEmpty()
                        && Jcmd.classesOf(jdk, host, OUR_TYPES).isEmpty());
            }
            JfrFile file = JfrFile.dump(jdk, host, directory.resolve("three.jfr"));
            // What the agents have told stays, though their classes have gone.
            assertFalse(file.of(JfrFile.PAUSE).isEmpty());
            assertEquals(3, file.of(JfrFile.POOLS).stream().map(event -> event.getEventType().getId()).distinct()
                    .count());
            JfrFile.stop(jdk, host);
            assertEndsAsEver(host, jdk);
            assertSilent(host);
        }
    }
}
