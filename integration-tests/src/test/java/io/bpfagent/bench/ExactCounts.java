package io.bpfagent.bench;

import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.workload.Scenes;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Threads that wait exactly 23 times for one reason, while garbage is collected. */
final class ExactCounts {
    static final int TIMES = 23;
    /** The waits are of 50 ms. HotSpot has shorter ones of its own in between. */
    private static final long LONG_NS = 40_000_000;
    private static final Map<String, String> THREADS = new TreeMap<>(Map.of("blocked_sleep", "exact sleeper",
            "blocked_park", "exact parker", "blocked_wait", "exact waiter", "blocked_monitor", "exact contender"));

    private ExactCounts() {}

    /** Adds what was found in one run on this JDK. */
    static void count(Jdk jdk, Map<String, Samples> found) {
        try (HostJvm host = HostJvm.of(jdk).main(Scenes.class).agent("interval=100ms").start()) {
            host.awaitLine("ready");
            host.await("on");
            play(host, "prepare");
            Map<String, Long> before = longWaits(host);
            host.send("collect 1000");
            play(host, "exact " + TIMES);
            Map<String, Long> after = longWaits(host);
            after.forEach((metric, count) -> found.computeIfAbsent(
                    "`" + metric + "` of a thread that waits " + TIMES + " times for 50 ms, with GC",
                    what -> new Samples()).add(count - before.get(metric)));
        }
    }

    private static void play(HostJvm host, String scene) {
        host.send(scene);
        host.awaitLine("done " + scene, Duration.ofSeconds(30));
    }

    /** By metric, of the thread that is to have them. */
    private static Map<String, Long> longWaits(HostJvm host) {
        host.freshReport();
        Map<String, Long> counts = new TreeMap<>();
        THREADS.forEach((metric, thread) ->
                counts.put(metric, host.histogramOfThread(metric, thread).countFrom(LONG_NS)));
        return counts;
    }
}
