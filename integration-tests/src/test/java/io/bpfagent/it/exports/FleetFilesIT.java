package io.bpfagent.it.exports;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bpfagent.it.Await;
import io.bpfagent.it.HostCommand;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.Tools;
import io.bpfagent.sample.SampleShop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules, alerts and the dashboard of docs/fleet: promtool, and a server that has JVMs to ask about. */
class FleetFilesIT {
    private static final Path FLEET = HostJvm.agentJar().resolve("../../../docs/fleet").normalize();
    private static final Path RULES = FLEET.resolve("rules.yml");
    private static final Path ALERTS = FLEET.resolve("alerts.yml");
    private static final Path DASHBOARD = FLEET.resolve("dashboard.json");
    private static final String HEAT_MAP = "Single waits for a CPU, all of them";
    private static final Pattern CODE = Pattern.compile("`([^`]*bpfagent[^`]*)`");
    private static final Duration SOON = Duration.ofSeconds(90);
    /** In the width of a row of Grafana's grid. */
    private static final int GRID = 24;

    @TempDir
    Path directory;

    @Test
    void promtoolFindsNothingWrong() {
        Tools.run("promtool", "check", "rules", RULES.toString(), ALERTS.toString());
        Tools.run("promtool", "test", "rules", FLEET.resolve("rules-test.yml").toString());
    }

    @Test
    void eachAlertIsTested() throws IOException {
        String tests = Files.readString(FLEET.resolve("rules-test.yml"));
        List<String> untested = alerts().filter(name -> !tests.contains("alertname: " + name + "\n")).toList();
        assertEquals(List.of(), untested);
    }

    private static Stream<String> alerts() throws IOException {
        return Files.readAllLines(ALERTS).stream().filter(line -> line.contains("- alert: "))
                .map(line -> line.replaceFirst(".*- alert: ", ""));
    }

    @Test
    void panelsHaveTheirOwnPlaces() {
        Set<Integer> ids = new HashSet<>();
        Set<String> taken = new HashSet<>();
        for (JsonObject panel : Dashboard.read(DASHBOARD).panels()) {
            String title = panel.get("title").getAsString();
            assertTrue(ids.add(panel.get("id").getAsInt()), title);
            JsonObject grid = panel.getAsJsonObject("gridPos");
            int right = grid.get("x").getAsInt() + grid.get("w").getAsInt();
            assertTrue(right <= GRID, title);
            for (int x = grid.get("x").getAsInt(); x < right; x++) {
                for (int y = 0; y < grid.get("h").getAsInt(); y++) {
                    assertTrue(taken.add(x + "," + (y + grid.get("y").getAsInt())), title + " lies on another panel");
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsAskedIsAnswered(boolean nativeHistograms) {
        int shopPort = PromServer.freePort();
        int scenePort = PromServer.freePort();
        PromServer.Command command = PromServer.in(directory).target("shop", shopPort).target("scenes", scenePort)
                .rules(RULES, ALERTS);
        try (HostJvm shop = HostJvm.of(Jdks.newest()).agent("requests=true,prometheus=127.0.0.1:" + shopPort)
                .main(SampleShop.class).start();
                HostJvm scenes = SceneHost.start(quickToGiveUpNames(), "prometheus=127.0.0.1:" + scenePort);
                PromServer server = nativeHistograms ? command.start() : command.classic().start()) {
            shop.await("on");
            // Twice, since a rate is of what was there before: what is done between two scrapes that have it.
            for (int round = 1; round <= 2; round++) {
                playOfEach(scenes, round);
                scenes.freshReport();
                server.awaitScrape();
            }
            scenes.send("mixed 60000"); // more threads than CPUs
            assertRulesWork(server.query());
            assertAnswered(dashboard(), server.query(), nativeHistograms);
            assertAnswered(documented("127.0.0.1:" + shopPort), server.query(), nativeHistograms);
        }
    }

    /** Where no server of names answers, it gives up after a second rather than ten. */
    private static HostCommand quickToGiveUpNames() {
        return SceneHost.command(Jdks.newest()).environment("RES_OPTIONS", "timeout:1 attempts:1");
    }

    /** What a shop does not do: full collections, names looked up, connections, reads from a disk. */
    private void playOfEach(HostJvm scenes, int round) {
        try {
            Path file = directory.resolve("direct" + round);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.allocate(1 << 20));
                channel.force(true);
            }
            SceneHost.play(scenes, "direct 1 23 " + file);
            SceneHost.play(scenes, "calls 3 " + Files.createDirectory(directory.resolve("calls" + round)));
            SceneHost.play(scenes, "collect 300 " + round);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Dashboard.Query> dashboard() {
        Dashboard dashboard = Dashboard.read(DASHBOARD);
        List<Dashboard.Query> queries = Stream.concat(dashboard.variables().stream(), dashboard.queries().stream())
                .toList();
        assertTrue(queries.size() > 30, "only " + queries.size() + " queries");
        return queries;
    }

    /** What the page says to ask, of the shop's JVM in place of its example. */
    private static List<Dashboard.Query> documented(String instance) {
        List<Dashboard.Query> queries = new ArrayList<>();
        try {
            String page = Files.readString(FLEET.resolveSibling("fleet.md"));
            Matcher asked = CODE.matcher(page.substring(page.indexOf("| question | PromQL |"),
                    page.indexOf("## Alerts")));
            while (asked.find()) {
                queries.add(new Dashboard.Query("fleet.md", asked.group(1).replace("shop-1:9404", instance)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertTrue(queries.size() > 6, "only " + queries.size() + " queries in fleet.md");
        return queries;
    }

    private static void assertAnswered(List<Dashboard.Query> queries, PromQuery query, boolean nativeHistograms) {
        List<Executable> checks = new ArrayList<>();
        for (Dashboard.Query asked : queries) {
            boolean answered = nativeHistograms || !asked.where().equals(HEAT_MAP);
            checks.add(() -> assertEquals(answered, isAnswered(query, asked.expression()),
                    asked.where() + ": " + asked.expression()));
        }
        assertAll(checks);
    }

    /** Whether there is a number among the answer's that is one. */
    private static boolean isAnswered(PromQuery query, String expression) {
        return query.samples(expression).stream().anyMatch(sample -> sample.histogram() != null
                ? sample.histogram().count() > 0 : !Double.isNaN(sample.value()));
    }

    private static void assertRulesWork(PromQuery query) {
        List<Executable> checks = new ArrayList<>();
        Await.until(SOON, () -> "it is noticed that there are too few CPUs: " + query.api("rules"), () ->
                query.samples("ALERTS{alertname=\"BpfAgentThreadsWaitForCpu\",alertstate=\"pending\"}").size() > 0);
        for (JsonElement group : query.api("rules").getAsJsonArray("groups")) {
            for (JsonElement element : group.getAsJsonObject().getAsJsonArray("rules")) {
                JsonObject rule = element.getAsJsonObject();
                String name = rule.get("name").getAsString();
                checks.add(() -> assertEquals("ok", rule.get("health").getAsString(), rule.toString()));
                if (rule.get("type").getAsString().equals("recording")) {
                    checks.add(() -> assertTrue(isAnswered(query, name), name + " has no number"));
                }
            }
        }
        assertFalse(checks.isEmpty());
        assertAll(checks);
    }
}
