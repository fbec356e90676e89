package io.bpfagent.it.peers;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.SceneHost;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** libbpf-tools' syscount on the same host and at the same time. */
class SyscallPeerIT {
    /** sys_exit. */
    private static final int SYSCOUNT_LINKS = 1;
    /** A row of its table: {@code futex   1067}. */
    private static final Pattern ROW = Pattern.compile("([a-z0-9_]+) +(\\d+)");

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void syscountCountsAsMany(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL + ",metrics=all+syscall")) {
            SceneHost.play(host, "reads-in-all 100 4");
            try (PeerTool syscount = PeerTool.start("syscount", "-T", "400", "-p", Long.toString(host.pid()))) {
                syscount.awaitAttached(SYSCOUNT_LINKS);
                Map<String, Long> before = calls(host);
                SceneHost.play(host, "reads-in-all 20000 4");
                Map<String, Long> after = calls(host);
                Map<String, Long> theirs = rows(syscount.end());
                for (String call : List.of("read", "write")) {
                    long ours = after.get(call) - before.getOrDefault(call, 0L);
                    assertTrue(ours >= 80_000, () -> call + " " + ours);
                    Values.assertWithinFivePercent(call, ours, theirs.getOrDefault(call, 0L));
                }
            }
        }
    }

    private static Map<String, Long> rows(List<String> lines) {
        Map<String, Long> rows = new HashMap<>();
        for (String line : lines) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows.merge(row.group(1), Long.parseLong(row.group(2)), Long::sum);
            }
        }
        return rows;
    }

    /** How many by name, as of now. */
    private static Map<String, Long> calls(HostJvm host) {
        host.freshReport();
        Map<String, Long> calls = new HashMap<>();
        for (Histogram call : Histogram.all(host.histOfOperation("syscall", "all"))) {
            calls.put(call.operation(), call.count());
        }
        return calls;
    }
}
