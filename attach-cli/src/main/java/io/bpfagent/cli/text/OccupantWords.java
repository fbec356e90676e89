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
 * Who had the CPUs for which some threads waited, added up by kind and name. In words:
 *
 * <ul>
 * <li>{@code sshd}: a process of that name; {@code another java}: one with the name {@code java};
 *     {@code process 'unknown'}: one whose name is one of the words below, for it may have any
 * <li>{@code own threads}: other threads of this JVM
 * <li>{@code same cgroup}: other processes in the JVM's CPU cgroup
 * <li>{@code kernel threads}
 * <li>{@code idle CPU}: nobody; the thread was on its way to a CPU
 * <li>{@code CPU quota}: nobody was allowed to; the cgroup had used up its quota (throttled)
 * <li>{@code unknown}: nobody was seen
 * </ul>
 */
final class OccupantWords {

    /** Of the whole: who had less is not named in a verdict. */
    private static final double MAIN = 0.2;
    private static final int NAME_WIDTH = 20;
    /** What each kind is called that has no names of its own. */
    private static final Map<String, String> WORDS = Map.of(Occupant.OWN, "own threads", Occupant.CGROUP, "same cgroup",
        Occupant.KERNEL, "kernel threads", Occupant.IDLE, "idle CPU", Occupant.THROTTLED, "CPU quota",
        Occupant.UNKNOWN, "unknown");

    private record Name(String kind, String who) {
    }

    private final List<Occupant> longestFirst;
    private final long totalNs;

    private OccupantWords(List<Occupant> longestFirst) {
        this.longestFirst = longestFirst;
        this.totalNs = longestFirst.stream().mapToLong(Occupant::ns).sum();
    }

    static OccupantWords of(List<PausedThread> threads) {
        Map<Name, Long> byName = new LinkedHashMap<>();
        threads.forEach(thread -> thread.occupants().forEach(
            occupant -> byName.merge(new Name(occupant.kind(), occupant.who()), occupant.ns(), Long::sum)));
        return new OccupantWords(byName.entrySet().stream()
            .map(entry -> new Occupant(entry.getKey().kind(), entry.getKey().who(), entry.getValue()))
            .filter(occupant -> occupant.ns() > 0)
            .sorted(Comparator.comparingLong(Occupant::ns).reversed().thenComparing(Occupant::who)
                .thenComparing(Occupant::kind))
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
        List<Occupant> worth = longestFirst.stream().filter(o -> o.ns() >= totalNs * PauseVerdict.WORTH).toList();
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
        List<String> takers = main.stream().filter(o -> !isNobody(o)).map(OccupantWords::name).toList();
        List<String> verdict = new ArrayList<>(takers.isEmpty() ? List.of()
            : List.of("taken by " + PauseVerdict.list(takers)));
        main.stream().filter(OccupantWords::isNobody).forEach(o -> verdict.add(o.kind().equals(Occupant.IDLE)
            ? "waking up on an idle CPU" : "throttled by the cgroup's CPU quota"));
        return String.join(", ", verdict);
    }

    private static boolean isNobody(Occupant occupant) {
        return occupant.kind().equals(Occupant.IDLE) || occupant.kind().equals(Occupant.THROTTLED);
    }

    private static String name(Occupant occupant) {
        String word = WORDS.get(occupant.kind());
        if (word != null) {
            return word;
        }
        String name = Layout.shorten(occupant.who(), NAME_WIDTH);
        if (WORDS.containsValue(name)) {
            return "process '" + name + "'";
        }
        return name.equals("java") ? "another java" : name; // not this one, which would be its own
    }
}
