package io.bpfagent.find;

import io.bpfagent.report.NearestName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The three of many names that somebody who wrote another one most probably meant; keeps no others.
 *
 * <p>First those of which few changes of a character make it, then those that end in the same part behind the last
 * colon, then those of which it is a part; of equal ones the shortest.
 */
final class Nearest {
    private static final int KEPT = 3;
    /** A name is looked for in others from this length on: two characters are in most. */
    private static final int MIN_PART = 3;
    private static final int SAME_LAST = 10;
    private static final int PART = 20;

    private final String wanted;
    private final String wantedLow;
    private final String last;
    private final int enough;
    private final List<String> names = new ArrayList<>(KEPT + 1);
    private final List<Integer> distances = new ArrayList<>(KEPT + 1);

    Nearest(String wanted) {
        this.wanted = wanted;
        this.wantedLow = wanted.toLowerCase(Locale.ROOT);
        this.last = wantedLow.substring(wantedLow.lastIndexOf(':') + 1);
        this.enough = Math.max(Math.min(3, Math.max(1, wanted.length() / 3)), wanted.length() / 8) + 1;
    }

    void offer(String name) {
        int distance = distance(name);
        if (distance < 0 || names.contains(name)) {
            return;
        }
        int at = names.size();
        while (at > 0 && (distances.get(at - 1) > distance
                || distances.get(at - 1) == distance && names.get(at - 1).length() > name.length())) {
            at--;
        }
        if (at < KEPT) {
            names.add(at, name);
            distances.add(at, distance);
        }
        if (names.size() > KEPT) {
            names.remove(KEPT);
            distances.remove(KEPT);
        }
    }

    /** -1 when it is not near. */
    private int distance(String name) {
        if (wanted.equalsIgnoreCase(name)) {
            return 0;
        }
        int changes = NearestName.changes(wanted, name, enough);
        if (changes < enough) {
            return changes;
        }
        if (last.length() < MIN_PART) {
            return -1;
        }
        int begin = name.length() - last.length();
        if (begin > 0 && name.charAt(begin - 1) == ':' && name.regionMatches(true, begin, last, 0, last.length())) {
            return SAME_LAST;
        }
        return name.length() > wanted.length() && name.toLowerCase(Locale.ROOT).contains(wantedLow) ? PART : -1;
    }

    /** For the end of a sentence: {@code . Nearest: one, two}, or nothing. */
    String sentence() {
        return names.isEmpty() ? "" : ". Nearest: " + String.join(", ", names);
    }
}
