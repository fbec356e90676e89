package io.bpfagent.it.peers;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Histogram;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.SceneHost;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** libbpf-tools' runqlat on the same host and at the same time. */
class RunQueuePeerIT {
    /** sched_switch, sched_wakeup, sched_wakeup_new. */
    private static final int RUNQLAT_LINKS = 3;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void runqlatCountsAsManyWaitsForACpu(Jdk jdk) {
        try (HostJvm host = SceneHost.start(jdk, SceneHost.INTERVAL)) {
            SceneHost.play(host, "pairs 1 100");
            try (PeerTool runqlat = PeerTool.start("runqlat", "-p", Long.toString(host.pid()))) {
                runqlat.awaitAttached(RUNQLAT_LINKS);
                Values before = waitsForACpu(host);
                SceneHost.play(host, "pairs 4 10000");
                Values counted = waitsForACpu(host).minus(before);
                PowersOfTwo theirs = PowersOfTwo.of(runqlat.end());
                assertTrue(counted.count() > 10_000, counted::toString);
                counted.assertAsManyAndAsLong("waits for a CPU", theirs);
            }
        }
    }

    /** Woken or preempted, and on a CPU again: what runqlat counts. */
    private static Values waitsForACpu(HostJvm host) {
        host.freshReport();
        return Values.of(Histogram.only(host.hist("runnable", null, null)));
    }
}
