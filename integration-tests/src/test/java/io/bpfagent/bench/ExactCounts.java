package io.bpfagent.bench;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.workload.Scenes;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Threads that wait exactly 23 times for one reason, while garbage is collected. */
final class ExactCounts {
    static final int TIMES = 23;
    /** The waits are of 50 ms; a contender for a monitor wakes after 1, 8 and 64 ms to look again. */
    private static final long LONG_NS = 40_000_000;

    private ExactCounts() {}

    /** A wait, by what it should be and by who does it. */
    private record Wait(String scene, String thread, String metric) {}

    private static final List<Wait> WAITS = List.of(new Wait("sleeps", "exact sleeper", "blocked_sleep"),
            new Wait("parks", "exact parker", "blocked_park"), new Wait("waits", "exact waiter", "blocked_wait"),
            new Wait("monitors", "exact contender", "blocked_monitor"));

    /** Adds what was found in one run on this JDK. */
    static void count(Jdk jdk, Map<String, Samples> found) {
        try (HostJvm host = HostJvm.of(jdk).main(Scenes.class).agent("interval=100ms").start()) {
            host.awaitLine("ready");
            host.await("on");
            host.send("collect 1000");
            WAITS.forEach(wait -> host.send(wait.scene() + " " + TIMES));
            WAITS.forEach(wait -> host.awaitLine("done " + wait.scene() + " " + TIMES, Duration.ofSeconds(30)));
            Await.sleep(300);
            for (Wait wait : WAITS) {
                Samples counts = found.computeIfAbsent(
                        "`" + wait.metric() + "` of a thread that waits 23 times for 50 ms, with GC", key -> new Samples());
                // The thread has ended; its pool has its numbers and its name, which has no digits.
                counts.add(host.histogramOfPool(wait.metric(), wait.thread()).countFrom(LONG_NS));
            }
        }
    }
}
