package io.bpfagent.it.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bpfagent.it.Await;
import io.bpfagent.it.ControlClient;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.sample.SampleShop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a user sees of the requests of an application that knows nothing of the agent. */
class ContextsViewIT {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final String ARGUMENTS =
            "interval=100ms,requests=true,trace=io.bpfagent.sample.Store.*,slow.blocked_disk=0";
    private static final String BUY = "POST /orders";
    private static final String LOOK = "GET /orders/*";
    private static final String SAVE = "io.bpfagent.sample.Store.save";
    private static final int MANY = 50;
    private static final long CHARGE_NS = 10_000_000;
    private static final double MOST = 0.8;

    @TempDir
    Path directory;

    private static HostJvm shop(Jdk jdk, String arguments) {
        return HostJvm.of(jdk).agent(arguments).main(SampleShop.class, "120").start();
    }

    private static JsonObject contexts(HostJvm host) {
        return host.control().get(ControlClient.request("contexts"));
    }

    private static JsonObject context(JsonObject document, String name) {
        for (JsonElement element : document.getAsJsonArray("contexts")) {
            if (element.getAsJsonObject().get("name").getAsString().equals(name)) {
                return element.getAsJsonObject();
            }
        }
        return new JsonObject();
    }

    private static long count(JsonObject document, String name) {
        JsonObject context = context(document, name);
        return context.has("count") ? context.get("count").getAsLong() : 0;
    }

    private static long sum(JsonObject numbers) {
        return numbers.asMap().values().stream().mapToLong(JsonElement::getAsLong).sum();
    }

    private static long exclusive(JsonObject context, String state, String key) {
        return context.getAsJsonObject("exclusive").getAsJsonObject(state).get(key).getAsLong();
    }

    private static JsonObject awaitMany(HostJvm host) {
        JsonObject[] last = new JsonObject[1];
        host.await("on");
        Await.until(SOON, () -> "requests in " + last[0] + "\n" + host.report(), () -> {
            host.freshReport();
            last[0] = contexts(host);
            return count(last[0], BUY) >= MANY && count(last[0], LOOK) >= MANY && count(last[0], SAVE) >= MANY;
        });
        return last[0];
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void aShopsRequestsAreShownWithWhatIsInsideOfThem(Jdk jdk) throws Exception {
        try (HostJvm host = shop(jdk, ARGUMENTS)) {
            JsonObject document = awaitMany(host);
            assertTrue(document.get("reason").isJsonNull());
            JsonObject buy = context(document, BUY);
            JsonObject save = context(document, SAVE);
            assertEquals("request", buy.get("kind").getAsString());
            assertEquals("method", save.get("kind").getAsString());
            // Each was charged before it was saved; of the last ones that may not be over.
            long sleepNs = buy.getAsJsonObject("inclusive").get("blocked_sleep").getAsLong();
            assertTrue(sleepNs >= (count(document, BUY) - 2) * CHARGE_NS, buy::toString);
            // A switch that the machine hides can put a stay into the context that came next: see assertNothingLost.
            assertTrue(exclusive(buy, "blocked_sleep", "ns") >= MOST * sleepNs, document::toString);
            long diskNs = buy.getAsJsonObject("inclusive").get("blocked_disk").getAsLong();
            assertTrue(diskNs > 0 && exclusive(save, "blocked_disk", "ns") >= MOST * diskNs, document::toString);
            assertEquals(buy.get("wallNs").getAsLong(), sum(buy.getAsJsonObject("inclusive")));
            assertEveryContextIsOnTheScreen(host);
            assertHistogramsAreThoseOfTheContext(host);
            assertSlowEventsNameTheirContexts(host);
            assertRecordTakesThemAlong(host);
        }
    }

    private static void assertEveryContextIsOnTheScreen(HostJvm host) {
        String text = String.join("\n", Cli.run("contexts", host.pid()).stdout());
        assertTrue(text.contains("REQUEST ") && text.contains("METHOD ") && text.contains(LOOK) && text.contains(BUY)
                && text.contains(SAVE) && text.contains("    blocked: ") && text.contains("    itself "), text);
        String frame = String.join("\n", Cli.run("top", host.pid(), "--once", "--view", "contexts").stdout());
        assertTrue(frame.contains("CONTEXT") && frame.contains(LOOK), frame);
    }

    private static void assertHistogramsAreThoseOfTheContext(HostJvm host) {
        JsonObject request = ControlClient.request("hist");
        request.addProperty("metric", "blocked_sleep");
        request.addProperty("context", BUY);
        JsonObject histogram = host.control().get(request).getAsJsonArray("histograms").get(0).getAsJsonObject();
        assertTrue(histogram.get("count").getAsLong() >= MANY - 2, histogram::toString);
        assertTrue(histogram.get("p50").getAsLong() >= CHARGE_NS, histogram::toString);
        Cli.run("hist", host.pid(), "--context", "GET /order").assertFailed("The agent refused the request",
                "no such context: GET /order. Nearest: ");
    }

    private static void assertSlowEventsNameTheirContexts(HostJvm host) {
        JsonObject request = ControlClient.request("events");
        request.addProperty("metric", "blocked_disk");
        request.addProperty("last", 1024);
        String[] last = new String[1];
        Await.until(SOON, () -> "an event of a request in " + last[0], () -> {
            last[0] = host.control().get(request).toString();
            return last[0].contains("\"context\":\"" + BUY + " > " + SAVE + "\"");
        });
    }

    private void assertRecordTakesThemAlong(HostJvm host) throws Exception {
        Path file = directory.resolve("shop.json");
        assertEquals(0,
                Cli.run("record", host.pid(), "--duration", "600ms", "--interval", "200ms", "-o", file).exitCode());
        List<JsonObject> intervals = Files.readAllLines(file).stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .filter(line -> line.get("record").getAsString().equals("interval")).toList();
        long bought = intervals.stream().mapToLong(interval -> count(interval, BUY)).sum();
        assertTrue(!intervals.isEmpty() && bought > 0 && bought <= count(contexts(host), BUY), intervals::toString);
    }

    /** Nothing is paid, and what is asked for says how to have it. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void withoutTheArgumentItIsSaidHowToHaveThem(Jdk jdk) {
        try (HostJvm host = shop(jdk, "interval=100ms")) {
            host.await("on");
            host.freshReport();
            Cli asked = Cli.run("contexts", host.pid());
            assertEquals(0, asked.exitCode());
            assertTrue(String.join(" ", asked.stdout()).contains("requests=true"), asked::toString);
            Cli.run("hist", host.pid(), "--context", BUY).assertFailed("The agent refused the request",
                    "no such context: " + BUY + " (the agent was not told to count contexts");
        }
    }
}
