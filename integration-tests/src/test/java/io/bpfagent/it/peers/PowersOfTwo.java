package io.bpfagent.it.peers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A histogram as libbpf-tools print it.
 *
 * @param counts by a bucket's lower bound, us; it reaches up to twice that, the first from 0 to 2
 */
record PowersOfTwo(SortedMap<Long, Long> counts) {
    /** {@code 4 -> 7 : 1067 |*****    |}. */
    private static final Pattern ROW = Pattern.compile(" *(\\d+) -> \\d+ +: (\\d+) +\\|.*");

    /** All the histograms among the lines, added up. */
    static PowersOfTwo of(List<String> lines) {
        return of(lines, heading -> true);
    }

    /** Those histograms among the lines whose headings, {@code flags = Sync-Read} for example, are such. */
    static PowersOfTwo of(List<String> lines, Predicate<String> headings) {
        SortedMap<Long, Long> counts = new TreeMap<>();
        byHeading(lines).forEach((heading, rows) -> {
            if (headings.test(heading)) {
                rows.forEach((from, count) -> counts.merge(from, count, Long::sum));
            }
        });
        return new PowersOfTwo(counts);
    }

    private static Map<String, SortedMap<Long, Long>> byHeading(List<String> lines) {
        Map<String, SortedMap<Long, Long>> all = new LinkedHashMap<>();
        String heading = "";
        for (String line : lines) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                all.computeIfAbsent(heading, key -> new TreeMap<>())
                        .merge(Long.parseLong(row.group(1)), Long.parseLong(row.group(2)), Long::sum);
            } else if (line.contains(" = ")) {
                heading = line.strip();
            }
        }
        return all;
    }

    long count() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The lower bound of the bucket in which the median is, us. */
    long medianFromUs() {
        long seen = 0;
        for (Map.Entry<Long, Long> bucket : counts.entrySet()) {
            seen += bucket.getValue();
            if (seen * 2 >= count()) {
                return bucket.getKey();
            }
        }
        throw new AssertionError("no values: " + this);
    }
}
