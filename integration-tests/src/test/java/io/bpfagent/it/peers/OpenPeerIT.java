package io.bpfagent.it.peers;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.SlowReport.SlowEntry;
import io.bpfagent.it.latencies.Lost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * libbpf-tools' opensnoop on the same host and at the same time.
 *
 * <p>It sees all system calls of the process; the agent sees libc's {@code open64}, through which the JDK goes, and not
 * what libc itself opens, to look up a name for example. So they are compared by the files of the scenes.
 */
class OpenPeerIT {
    private static final int TIMES = 23;
    /** At a time: the kernel's buffer has room for 180 slow events. */
    private static final int BRIEF_THREADS = 41;
    private static final int ROUNDS = 7;
    /** A scene lets another thread do it once before. */
    private static final int LOADERS = 1;
    /** By who makes the file, and by who makes it durable. */
    private static final int OTHER_OPENS = 2;
    /** {@code PID COMM FD ERR PATH}. */
    private static final Pattern ROW = Pattern.compile("\\d+ +.*? +-?\\d+ +(\\d+) (/.*)");
    private static final Map<String, String> ERRORS = Map.of("0", "opened", "2", "ENOENT");
    @TempDir
    private Path directory;
    private int markers;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void opensnoopTellsOfTheSameFilesAndErrors(Jdk jdk) throws IOException {
        Path calls = Files.createDirectory(directory.resolve("calls"));
        SortedMap<String, Long> expected = expected(calls);
        int opens = (int) expected.values().stream().mapToLong(Long::longValue).sum();
        try (HostJvm host = SceneHost.start(SceneHost.command(jdk).environment("RES_OPTIONS", "timeout:1 attempts:1"),
                SceneHost.INTERVAL + ",slow=off,slow.file_open=0,slow.file_open_failed=0");
                PeerTool opensnoop = PeerTool.start("opensnoop", "-p", Long.toString(host.pid()))) {
            awaitTold(opensnoop, host);
            SlowEvents events = SlowEvents.from(host);
            SceneHost.play(host, "calls " + TIMES + " " + calls);
            for (int round = 0; round < ROUNDS; round++) {
                host.freshReport();
                SceneHost.play(host, "brief-opens " + BRIEF_THREADS + " " + brief(round));
            }
            Lost.assertNothing(host.freshReport());
            List<SlowEntry> ours = events.await(opens, event -> expected.containsKey(described(event)));
            awaitTold(opensnoop, host);
            SortedMap<String, Long> theirs = theirs(opensnoop.lines(), expected.keySet());
            assertEquals(expected, ours(ours));
            assertAll(expected.keySet().stream().map(open -> () ->
                    Values.assertWithinFivePercent(open, expected.get(open), theirs.getOrDefault(open, 0L))));
        }
    }

    private Path brief(int round) {
        return directory.resolve("brief-" + round);
    }

    /** How often each file is opened, or found missing. */
    private SortedMap<String, Long> expected(Path calls) {
        SortedMap<String, Long> opens = new TreeMap<>();
        opens.put("opened " + calls.resolve("there"), (long) TIMES + LOADERS + OTHER_OPENS);
        opens.put("ENOENT " + calls.resolve("missing"), 2L * (TIMES + LOADERS)); // by two threads
        for (int round = 0; round < ROUNDS; round++) {
            opens.put("ENOENT " + brief(round).resolve("missing"), (long) BRIEF_THREADS + LOADERS);
        }
        return opens;
    }

    private static SortedMap<String, Long> ours(List<SlowEntry> events) {
        SortedMap<String, Long> opens = new TreeMap<>();
        for (SlowEntry event : events) {
            opens.merge(described(event), 1L, Long::sum);
        }
        return opens;
    }

    private static String described(SlowEntry event) {
        boolean failed = event.metric().equals("file_open_failed");
        return (failed ? event.on().get("errno") : "opened") + " " + event.on().get("path");
    }

    private static SortedMap<String, Long> theirs(List<String> lines, Set<String> known) {
        SortedMap<String, Long> opens = new TreeMap<>();
        for (String line : lines) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                opens.merge(ERRORS.getOrDefault(row.group(1), row.group(1)) + " " + row.group(2), 1L, Long::sum);
            }
        }
        opens.keySet().retainAll(known);
        return opens;
    }

    /** A file of another name each time. */
    private void awaitTold(PeerTool opensnoop, HostJvm host) {
        opensnoop.awaitTold(() -> SceneHost.play(host, "brief-opens 1 " + directory.resolve("marker-" + ++markers)),
                line -> line.contains("/marker-"));
    }
}
