package io.bpfagent.it.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.Report.ThreadReport;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.Tools;
import io.bpfagent.it.peers.KernelTrace.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What other tools get wrong or cannot see, and the agent can. */
class WrongPeersIT {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int TIMES = 23;
    private static final int TRIES = 5;
    private static final int LIVE_MB = 150;
    private static final long STOPPED_MS = 5_000;
    /** As many ns as javagc has room for. */
    private static final double JAVAGC_WRAPS_MS = (1L << 32) / 1e6;
    /** gc__begin, gc__end, mem__pool__gc__begin, mem__pool__gc__end. */
    private static final int JAVAGC_LINKS = 4;
    /** {@code GC(3) Pause Full (System.gc()) 160M->155M(400M) 5321.123ms}. */
    private static final Pattern LOGGED = Pattern.compile(".*Pause Full \\(System.gc\\(\\)\\) .* ([\\d.]+)ms");
    /** {@code TIME CPU PID TIME}, us. */
    private static final Pattern JAVAGC = Pattern.compile("\\S+ +\\d+ +\\d+ +(\\d+) *");
    private static final int OFFCPUTIME_LINKS = 1;
    private static final int FUTEX_COMMAND = 0x7f;
    /** FUTEX_WAIT_BITSET, where FUTEX_WAIT is 0; -ETIMEDOUT. */
    private static final String PARK = "9 -> 0xffffffffffffff92";
    private static final int PARKED_US = 50_000;
    private static final Pattern FUTEX_BEGIN = Pattern.compile(".*\\bop: (?:0x)?([0-9a-f]+).*");
    @TempDir
    private Path directory;

    /** javagc keeps a pause in 32 bits of ns. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void javagcWrapsAtFourSecondsAndTheAgentDoesNot(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL, "-XX:+UseSerialGC", "-Xmx400m",
                "-Xlog:gc=info,gc+start=info:stdout:tags");
                PeerTool javagc = PeerTool.start("javagc", "-p", Long.toString(host.pid()))) {
            SceneHost.play(host, "live " + LIVE_MB);
            javagc.awaitAttached(JAVAGC_LINKS);
            double loggedMs = longCollectionMs(host);
            host.freshReport();
            double oursMs = host.histogram("gc_pause").json().get("max").getAsLong() / 1e6;
            assertTrue(oursMs >= loggedMs && oursMs < loggedMs * 1.05, () -> "ours " + oursMs + ", logged " + loggedMs);
            double leftMs = oursMs % JAVAGC_WRAPS_MS;
            Await.until(SOON, () -> "a pause of " + leftMs + " ms by javagc, there are " + pausesMs(javagc), () ->
                    pausesMs(javagc).stream().anyMatch(pauseMs -> Math.abs(pauseMs - leftMs) < oursMs / 20));
            assertTrue(pausesMs(javagc).stream().allMatch(pauseMs -> pauseMs < JAVAGC_WRAPS_MS));
        }
    }

    private static List<Double> pausesMs(PeerTool javagc) {
        return javagc.lines().stream().map(JAVAGC::matcher).filter(Matcher::matches)
                .map(row -> Long.parseLong(row.group(1)) / 1e3).toList();
    }

    /** The JVM is stopped while it collects; as its log has it. */
    private static double longCollectionMs(HostJvm host) {
        String pid = Long.toString(host.pid());
        for (int i = 0; i < TRIES; i++) {
            long begun = host.stdout().stream().filter(WrongPeersIT::isBegin).count();
            String scene = "collections 1 try-" + i;
            host.send(scene);
            Await.until(SOON, () -> "a collection\n" + host.report(),
                    () -> host.stdout().stream().filter(WrongPeersIT::isBegin).count() > begun);
            Tools.run("kill", "-STOP", pid);
            Await.sleep(STOPPED_MS);
            Tools.run("kill", "-CONT", pid);
            SceneHost.awaitEnd(host, scene);
            double ms = host.stdout().stream().map(LOGGED::matcher).filter(Matcher::matches)
                    .mapToDouble(logged -> Double.parseDouble(logged.group(1))).max().orElseThrow();
            if (ms > STOPPED_MS) {
                return ms;
            }
            // It was over before it was stopped.
        }
        throw new AssertionError("no collection could be stopped\n" + host.report());
    }

    private static boolean isBegin(String line) {
        return line.contains("start") && line.contains("Pause Full");
    }

    /** offcputime adds up a wait when it is over. */
    @Test
    void offcputimeDoesNotKnowOfAThreadThatStaysParkedAndTheAgentDoes() {
        try (HostJvm host = SceneHost.start(Jdks.newest(), SceneHost.INTERVAL)) {
            SceneHost.play(host, "block");
            try (PeerTool offcputime = PeerTool.start("offcputime", "-p", Long.toString(host.pid()))) {
                offcputime.awaitAttached(OFFCPUTIME_LINKS);
                long before = host.freshReport().thread("stays in park").timeNs("blocked_park");
                long beganNs = System.nanoTime();
                Await.sleep(1_000);
                long tookNs = System.nanoTime() - beganNs;
                ThreadReport parked = host.freshReport().thread("stays in park");
                List<String> theirs = offcputime.end();
                assertTrue(theirs.stream().anyMatch(line -> line.contains("bpf-agent")), theirs::toString);
                String itsLine = "(" + parked.tid() + ")";
                assertFalse(theirs.stream().anyMatch(line -> line.contains(itsLine)), theirs::toString);
                assertTrue(parked.timeNs("blocked_park") - before >= tookNs, parked::toString);
            }
        }
    }

    /** Its futexctn counts a wait if it was asked for by FUTEX_WAIT and did not end by its timeout. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void futexctnWouldMissEveryParkAndTheAgentCountsEach(Jdk jdk) {
        try (KernelTrace trace = KernelTrace.open(directory); HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            SceneHost.play(host, "prepare");
            int parker = host.freshReport().thread("exact parker").tid();
            long before = longParks(host);
            trace.follow("syscalls/sys_enter_futex", "common_pid == " + parker);
            trace.follow("syscalls/sys_exit_futex", "common_pid == " + parker);
            SceneHost.play(host, "exact " + TIMES);
            SceneHost.assertNothingLost(host, host.freshReport());
            List<String> waits = longWaits(trace.end());
            assertEquals(TIMES, longParks(host) - before);
            assertTrue(Collections.frequency(waits, PARK) >= TIMES, waits::toString);
        }
    }

    private static long longParks(HostJvm host) {
        return host.histogramOfThread("blocked_park", "exact parker").countFrom(PARKED_US * 900L);
    }

    /** By command and result, those that took about as long as a park of the scene, or longer. */
    private static List<String> longWaits(List<Event> events) {
        List<String> waits = new ArrayList<>();
        int command = 0;
        long beganUs = Long.MAX_VALUE;
        for (Event event : events) {
            Matcher begin = FUTEX_BEGIN.matcher(event.text());
            if (begin.matches()) {
                command = Integer.parseInt(begin.group(1), 16) & FUTEX_COMMAND;
                beganUs = event.atUs();
            } else if (event.atUs() - beganUs > PARKED_US * 9 / 10) {
                waits.add(command + " " + event.text());
            }
        }
        return waits;
    }
}
