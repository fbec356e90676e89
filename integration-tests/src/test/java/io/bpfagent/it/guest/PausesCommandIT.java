package io.bpfagent.it.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.PauseReport;
import io.bpfagent.it.SceneHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code attach-cli pauses} with a JVM that has some. */
class PausesCommandIT {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final long MIN_NS = 50_000_000;
    private static final int DUMPS = 23;

    @TempDir
    Path directory;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void listsThemAsTextAndJsonAndFollows(Jdk jdk) throws Exception {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL, "-XX:+UseSerialGC",
                "-XX:-UseCountedLoopSafepoints",
                "-Xbatch")) {
            SceneHost.play(host, "dumps " + DUMPS);
            Process follower = follow(host);
            try {
                // What it prints of the pauses before says that it follows: later ones are its own to show.
                Await.until(SOON, this::followed, () -> followed().contains("losses:"));
                SceneHost.play(host, "late-loop 200");
                Await.until(SOON, this::followed, () -> followed().contains("late looper"));
                assertListed(host);
                // Those dumps that were before it, and those that were shorter, are not shown.
                assertTrue(followed().lines().filter(line -> line.contains("to safepoint")).count() <= longOnes(host),
                        this::followed);
                host.detach();
                assertTrue(follower.waitFor(SOON.toSeconds(), TimeUnit.SECONDS), "it follows nobody");
            } finally {
                follower.destroyForcibly();
            }
        }
    }

    private Process follow(HostJvm host) throws IOException {
        return new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-XX:TieredStopAtLevel=1", "-jar",
                HostJvm.cliJar().toString(), "pauses", Long.toString(host.pid()), "--follow", "--last", "1", "--min",
                "50ms")
                .redirectErrorStream(true).redirectOutput(directory.resolve("followed").toFile()).start();
    }

    private String followed() {
        try {
            return Files.readString(directory.resolve("followed"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static long longOnes(HostJvm host) {
        return host.pauses(0).pauses().stream().filter(pause -> pause.totalNs() >= MIN_NS).count();
    }

    private static void assertListed(HostJvm host) {
        Cli all = Cli.run("pauses", host.pid(), "--last", "256", "--format", "json");
        JsonObject document = JsonParser.parseString(String.join("\n", all.stdout())).getAsJsonObject();
        assertEquals(0, all.exitCode(), all::toString);
        assertEquals(1, document.get("schema").getAsInt());
        assertTrue(new PauseReport(document).pauses().size() > DUMPS, all::toString);
        Cli text = Cli.run("pauses", host.pid(), "--min", "50ms", "--detail");
        String printed = String.join("\n", text.stdout());
        assertEquals(0, text.exitCode(), text::toString);
        assertEquals(longOnes(host), text.stdout().stream().filter(line -> line.contains("to safepoint")).count(),
                printed);
        assertTrue(printed.contains("waited for 'late looper'") && printed.contains("late  late looper"), printed);
        assertTrue(text.stdout().stream().allMatch(line -> line.length() <= 80), printed);
    }
}
