package io.bpfagent.it.latencies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Report;
import io.bpfagent.it.SceneHost;
import io.bpfagent.it.Tools;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What must not be lost where calls and requests are counted. */
public final class Lost {
    private static final Pattern MISSES = Pattern.compile("recursion_misses (\\d+)");

    private Lost() {}

    /**
     * Takes it that nothing was lost but switches, wake-ups and ends of disk requests, of which the kernel of a sandbox
     * hides some ({@link SceneHost#assertNothingLost}). Of those any number may be: the hosts here wait little, and
     * every process of the machine sends requests. Where requests are counted, they are compared with what the disk
     * says.
     *
     * <p>And but for changes of TCP connections that the kernel did not give to the program, if that is all there is of
     * {@code recursion_misses}: now and then it gives it none on one CPU for a millisecond, of whatever process.
     */
    public static void assertNothing(Report report) {
        Map<String, Long> losses = report.losses();
        losses.keySet().removeAll(List.of("missed_wakeups", "missed_switches", "lost_block_requests"));
        String missing = programsWithMisses();
        if (missing.lines().allMatch(line -> line.contains("name inet_sock_set_state "))) {
            losses.remove("recursion_misses");
        }
        assertEquals(Map.of(), losses, missing);
    }

    /**
     * Takes it that as many connections were counted as there have been, but for those of which the kernel has not
     * given a change to the program, as it says itself: see {@link #assertNothing}.
     */
    public static void assertAllConnections(long been, long counted) {
        long misses = programsWithMisses().lines().filter(line -> line.contains("name inet_sock_set_state "))
                .map(MISSES::matcher).filter(Matcher::find).mapToLong(found -> Long.parseLong(found.group(1))).sum();
        assertTrue(counted <= been && been - counted <= misses,
                () -> counted + " of " + been + ", and " + misses + " misses");
    }

    /** Which programs a loss of recursion_misses is of. */
    private static String programsWithMisses() {
        return Tools.run("bpftool", "prog", "show").lines().filter(line -> line.contains("recursion_misses"))
                .collect(Collectors.joining("\n"));
    }
}
