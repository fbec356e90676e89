package io.bpfagent.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds what someone who mistyped a name probably meant. */
public final class NearestName {
    /** How many names a refusal lists: it stays one readable line. */
    private static final int NAMES_SHOWN = 10;
    private static final int FEW = 3;

    private NearestName() {
    }

    /** What a refusal says after the name that there is not: the nearest that there is, else some of them. */
    static String choice(String name, Collection<String> names) {
        Optional<String> nearest = of(name, names);
        if (nearest.isPresent()) {
            return "Nearest: " + nearest.get();
        }
        String some = names.stream().sorted().limit(NAMES_SHOWN).collect(Collectors.joining(", "));
        int more = names.size() - NAMES_SHOWN;
        return names.isEmpty() ? "There are none" : "There are " + some + (more > 0 ? " and " + more + " more" : "");
    }

    /**
     * What a refusal says after the rule: the nearest names, at most three of them, or nothing where none is near.
     * There may be seventy, which nobody reads in one line.
     *
     * @return {@code " (nearest: a, b)"} or the empty string
     */
    public static String few(String name, Collection<String> candidates) {
        List<String> near = new ArrayList<>();
        Optional<String> nearest = of(name, candidates);
        if (nearest.isPresent()) {
            near.add(nearest.get());
        }
        int least = Math.min(3, Math.max(1, name.length() / 3)) + 1;
        for (String candidate : candidates) {
            boolean isNear = name.length() >= 3 && candidate.contains(name) || changes(name, candidate, least) < least;
            if (near.size() < FEW && isNear && !near.contains(candidate)) {
                near.add(candidate);
            }
        }
        return near.isEmpty() ? "" : " (nearest: " + String.join(", ", near) + ")";
    }

    /**
     * The candidate that fewest changes of a character make out of the name, if that is at most a
     * third of the name's length (and at most 3), or if one begins with the other.
     */
    public static Optional<String> of(String name, Collection<String> candidates) {
        int least = Math.min(3, Math.max(1, name.length() / 3)) + 1;
        String nearest = null;
        for (String candidate : candidates) {
            int changes = changes(name, candidate, least);
            if (changes < least) {
                least = changes;
                nearest = candidate;
            }
        }
        if (nearest != null || name.length() < 3) {
            return Optional.ofNullable(nearest);
        }
        return candidates.stream()
                .filter(candidate -> candidate.startsWith(name) || name.startsWith(candidate) && !candidate.isEmpty())
                .findFirst();
    }

    /** Levenshtein's distance, or {@code enough} when it is not smaller than that. */
    public static int changes(String from, String to, int enough) {
        if (Math.abs(from.length() - to.length()) >= enough) {
            return enough;
        }
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return Math.min(row[to.length()], enough);
    }
}
