package io.bpfagent.it.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.SlowReport.SlowEntry;
import io.bpfagent.it.latencies.Lost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** libbpf-tools' gethostlatency on the same host and at the same time. */
class NamePeerIT {
    private static final int TIMES = 23;
    /** By the thread that the scene is about, and by another before. */
    private static final int LOOK_UPS = TIMES + 1;
    /** {@code TIME PID COMM LATms HOST}. */
    private static final Pattern ROW = Pattern.compile("\\S+ +\\d+ +.* +(\\d+\\.\\d+) +(name-\\d+\\.invalid) *");
    @TempDir
    private Path directory;
    private int scenes;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void gethostlatencyTellsOfTheSameNamesAndHowLongTheyTook(Jdk jdk) {
        try (HostJvm host = SceneHost.start(SceneHost.command(jdk).environment("RES_OPTIONS", "timeout:1 attempts:1"),
                SceneHost.INTERVAL + ",slow=off,slow.dns=0");
                PeerTool gethostlatency = PeerTool.start("gethostlatency", "-p", Long.toString(host.pid()))) {
            awaitTold(gethostlatency, host);
            SlowEvents events = SlowEvents.from(host);
            long before = host.histogramOfPool("dns", "exact looker").count();
            lookUp(host, TIMES);
            Lost.assertNothing(host.freshReport());
            assertEquals(TIMES, host.histogramOfPool("dns", "exact looker").count() - before);
            List<SlowEntry> ours = events.await(LOOK_UPS, event -> event.metric().equals("dns"));
            assertEquals(LOOK_UPS, ours.size());
            awaitTold(gethostlatency, host);
            assertSame(ours, theirsMs(gethostlatency.lines()));
        }
    }

    private void awaitTold(PeerTool gethostlatency, HostJvm host) {
        gethostlatency.awaitTold(() -> lookUp(host, 1), line -> ROW.matcher(line).matches());
    }

    private static void assertSame(List<SlowEntry> ours, Map<String, Double> theirsMs) {
        for (SlowEntry event : ours) {
            Double theirMs = theirsMs.get(event.on().get("host"));
            assertTrue(theirMs != null, () -> event + " is not among " + theirsMs);
            // Within 5 %, or what an interrupt takes.
            double differenceMs = Math.abs(event.durationNs() / 1e6 - theirMs);
            assertTrue(differenceMs <= Math.max(0.1, theirMs / 20), () -> event + ", theirs " + theirMs + " ms");
        }
    }

    /** By the name that was looked up. */
    private static Map<String, Double> theirsMs(List<String> lines) {
        Map<String, Double> durationsMs = new HashMap<>();
        for (String line : lines) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                durationsMs.put(row.group(2), Double.parseDouble(row.group(1)));
            }
        }
        return durationsMs;
    }

    /** Looks up so many names that do not exist, all of them new; and one more by another thread. */
    private void lookUp(HostJvm host, int times) {
        try {
            scenes++;
            SceneHost.play(host, "calls " + times + " " + Files.createDirectory(directory.resolve("scene-" + scenes)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
