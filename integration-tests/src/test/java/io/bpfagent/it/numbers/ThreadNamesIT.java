package io.bpfagent.it.numbers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.Report;
import io.bpfagent.it.Report.PoolReport;
import io.bpfagent.it.SceneHost;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Threads and pools go by the names that Java code gave them. */
class ThreadNamesIT {
    /** As many bytes of a name as the kernel side keeps of a thread that ends before anybody asks. */
    private static final int NAME_BYTES = 72;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void namesOfAllKindsAreWhole(Jdk jdk) {
        Map<String, String> poolByName = Map.of(
                "http-nio-8080-exec-17", "http-nio-#-exec-#",
                "Größe 7 スレッド 🧵", "Größe # スレッド 🧵",
                "long ".repeat(47) + "1", "long ".repeat(40),
                " ", " ",
                "\"quoted\\\", comma=*?\n1", "\"quoted\\\", comma=*?\n#");
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            int key = 0;
            for (String name : poolByName.keySet()) {
                SceneHost.play(host, "named " + key++ + " " + encode(name));
            }
            Report report = host.freshReport();
            poolByName.forEach((name, pool) -> {
                assertEquals(pool, report.thread(name).pool());
                assertEquals("java", report.thread(name).kind());
                assertTrue(report.thread(name).javaId() > 0);
                assertEquals(1, report.pool(pool).threads());
                assertEquals(1, host.hist("running", null, name).getAsJsonArray("histograms").size());
            });
            // The long one's is longer than the kernel side keeps, and is known from Java all the same.
            assertEquals(1, report.loss("truncated_names"));
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void renameIsFollowedAndTakesNothingFromThePoolBefore(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            SceneHost.play(host, "named key " + encode("before-1"));
            Await.sleep(500);
            Report first = host.freshReport();
            long id = first.thread("before-1").javaId();
            SceneHost.play(host, "rename key " + encode("after-1"));
            Await.sleep(500);
            Report second = host.freshReport();

            assertEquals(id, second.thread("after-1").javaId());
            assertEquals("after-#", second.thread("after-1").pool());
            assertTrue(second.threads("before-").isEmpty());
            PoolReport before = second.pool("before-#");
            assertEquals(0, before.threads());
            assertEquals(0, before.ended());
            assertEquals(1, second.pool("after-#").threads());
            assertTrue(before.wallNs() >= first.pool("before-#").wallNs(), "a pool's time went down");
            assertTrue(second.thread("after-1").wallNs() >= first.thread("before-1").wallNs() + 500_000_000);
            assertEquals(second.thread("after-1").wallNs(), before.wallNs() + second.pool("after-#").wallNs());
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void threadsThatLiveForAMillisecondAreCountedByName(Jdk jdk) {
        int threads = 23;
        try (HostJvm host = SceneHost.start(jdk, "interval=1s")) {
            SceneHost.play(host, "brief " + threads);
            Map<String, PoolReport> brief = host.freshReport().pools().values().stream()
                    .filter(pool -> pool.pool().startsWith("brief ")).collect(Collectors.toMap(PoolReport::pool,
                    pool -> pool));
            assertEquals(threads, brief.size(), () -> brief.keySet().toString());
            for (char letter = 'a'; letter < 'a' + threads; letter++) {
                PoolReport pool = brief.get("brief " + letter);
                assertEquals(1, pool.ended());
                assertEquals(0, pool.threads());
                assertTrue(pool.wallNs() >= 1_000_000, () -> pool + " lived for a millisecond");
                assertTrue(pool.timeNs("running") > 0, () -> pool + " ran");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void longNameOfAThreadThatHasEndedIsCutAfterAWholeCharacter(Jdk jdk) {
        String name = "brief " + "ä".repeat(NAME_BYTES);
        try (HostJvm host = SceneHost.start(jdk, "interval=1s")) {
            SceneHost.play(host, "ends " + encode(name));
            Report report = host.freshReport();
            String cut = name.substring(0, 6 + (NAME_BYTES - 6) / 2);
            assertEquals(1, report.pool(cut).ended(), () -> report.pools().keySet().toString());
            assertEquals(1, report.loss("truncated_names"));
        }
    }

    private static String encode(String name) {
        return Base64.getEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8));
    }
}
