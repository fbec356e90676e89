package io.bpfagent.cli.text;

import io.bpfagent.cli.control.PausesDocument.Occupant;
import io.bpfagent.cli.control.PausesDocument.PausedThread;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Who had the CPUs for which some threads waited, added up by name. In words:
 *
 * <ul>
 * <li>{@code sshd}: a process of that name; {@code another java}: one with the name {@code java}
 * <li>{@code own threads}: other threads of this JVM
 * <li>{@code same cgroup}: other processes in the JVM's CPU cgroup
 * <li>{@code kernel threads}
 * <li>{@code idle CPU}: nobody; the thread was on its way to a CPU
 * <li>{@code CPU quota}: nobody was allowed to; the cgroup had used up its quota (throttled)
 * <li>{@code unknown}: nobody was seen
 * </ul>
 */
final class Occupants {

    /** Of the whole: who had less is not named in a verdict. */
    private static final double MAIN = 0.2;
    private static final int NAME_WIDTH = 20;

    private final List<Occupant> longestFirst;
    private final long totalNs;

    private Occupants(List<Occupant> longestFirst) {
        this.longestFirst = longestFirst;
        this.totalNs = longestFirst.stream().mapToLong(Occupant::ns).sum();
    }

    static Occupants of(List<PausedThread> threads) {
        Map<String, Long> byName = new LinkedHashMap<>();
        threads.forEach(thread -> thread.occupants().forEach(
            occupant -> byName.merge(occupant.who(), occupant.ns(), Long::sum)));
        return new Occupants(byName.entrySet().stream().map(entry -> new Occupant(entry.getKey(), entry.getValue()))
            .filter(occupant -> occupant.ns() > 0)
            .sorted(Comparator.comparingLong(Occupant::ns).reversed().thenComparing(Occupant::who))
            .toList());
    }

    boolean isEmpty() {
        return longestFirst.isEmpty();
    }

    /**
     * {@code sshd 160 ms, own threads 130 ms}: the longest, and ".." where one of 1 % or more does not
     * fit; only the name where it is one.
     */
    String times(int atMost) {
        List<Occupant> worth = longestFirst.stream().filter(o -> o.ns() >= totalNs * PauseAnatomy.WORTH).toList();
        if (worth.size() == 1) {
            return name(worth.get(0)); // all of it, which stands there already
        }
        return worth.stream().limit(atMost).map(o -> name(o) + " " + Quantity.duration(o.ns()))
            .map(Layout::together).collect(Collectors.joining(", ")) + (worth.size() > atMost ? ", .." : "");
    }

    /** {@code taken by sshd and own threads}: those with a fifth or more, the longest first. */
    String verdict() {
        List<Occupant> main = longestFirst.stream().filter(o -> o.ns() >= totalNs * MAIN).toList();
        if (main.isEmpty()) {
            return "taken by many, most by " + name(longestFirst.get(0));
        }
        List<String> takers = main.stream().filter(o -> !isNobody(o)).map(Occupants::name).toList();
        List<String> verdict = new ArrayList<>(takers.isEmpty() ? List.of()
            : List.of("taken by " + PauseAnatomy.list(takers)));
        main.stream().filter(Occupants::isNobody).forEach(o -> verdict.add(o.who().equals("idle")
            ? "waking up on an idle CPU" : "throttled by the cgroup's CPU quota"));
        return String.join(", ", verdict);
    }

    private static boolean isNobody(Occupant occupant) {
        return occupant.who().equals("idle") || occupant.who().equals("throttled");
    }

    private static String name(Occupant occupant) {
        return switch (occupant.who()) {
            case "own" -> "own threads";
            case "cgroup" -> "same cgroup";
            case "kernel" -> "kernel threads";
            case "idle" -> "idle CPU";
            case "throttled" -> "CPU quota";
            case "unknown" -> "unknown";
            case "java" -> "another java"; // not this one, which would be "own"
            default -> Layout.shorten(occupant.who(), NAME_WIDTH);
        };
    }
}
