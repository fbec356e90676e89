package io.bpfagent.it.numbers;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Await;
import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.Tools;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** libbpf-tools' runqlat on the same host and at the same time. */
class RunQueuePeerIT {
    /** sched_switch, sched_wakeup, sched_wakeup_new. */
    private static final int RUNQLAT_LINKS = 3;
    /** A row of its histogram: {@code 4 -> 7 : 1067 |*****    |}. */
    private static final Pattern ROW = Pattern.compile("(?m)^ *\\d+ -> \\d+ +: (\\d+) +\\|");

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void runqlatCountsAsManyWaitsForACpu(Jdk jdk) throws Exception {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            SceneHost.play(host, "pairs 1 100");
            Process runqlat = Tools.start("runqlat", "-p", Long.toString(host.pid()));
            try {
                Await.until(Duration.ofSeconds(30), () -> "runqlat attached", () ->
                        OurBpf.heldBy(runqlat.pid()).links().size() >= RUNQLAT_LINKS || !runqlat.isAlive());
                long before = runnableCount(host);
                SceneHost.play(host, "pairs 4 10000");
                long counted = runnableCount(host) - before;
                Tools.run("kill", "-INT", Long.toString(runqlat.pid()));
                long theirs = sum(new String(runqlat.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
                assertTrue(runqlat.waitFor(10, TimeUnit.SECONDS));
                assertTrue(counted > 10_000, () -> "counted " + counted);
                assertTrue(Math.abs(counted - theirs) <= theirs / 20, () -> "counted " + counted + ", runqlat " + theirs);
            } finally {
                runqlat.destroyForcibly();
            }
        }
    }

    /** Woken or preempted, and on a CPU again: what runqlat counts. */
    private static long runnableCount(HostJvm host) {
        host.freshReport();
        return Histogram.only(host.hist("runnable", null, null)).count();
    }

    private static long sum(String text) {
        long sum = 0;
        Matcher row = ROW.matcher(text);
        while (row.find()) {
            sum += Long.parseLong(row.group(1));
        }
        return sum;
    }
}
