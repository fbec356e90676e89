package io.bpfagent.report;

import io.bpfagent.correlation.Counter;
import io.bpfagent.correlation.ThreadCounts;
import java.util.ArrayList;
import java.util.List;

/**
 * A counter that was asked for, and what became of it.
 *
 * @param counter which
 * @param status  as a {@link Probe}'s
 * @param detail  on how many CPUs it counts, or why not
 */
public record CounterReport(Counter counter, String status, String detail) {
    private static final String PREFIX = "counter:";

    /** The name of the probe that stands for it; no other has a colon in its name. */
    public static String probe(Counter counter) {
        return PREFIX + counter.label();
    }

    /** All that were asked for, out of the probes' outcomes. */
    public static List<CounterReport> of(List<Probe> probes) {
        List<CounterReport> reports = new ArrayList<>();
        for (Probe probe : probes) {
            if (probe.name().startsWith(PREFIX)) {
                Counter counter = Counter.of(probe.name().substring(PREFIX.length())).orElse(null);
                if (counter != null) {
                    reports.add(new CounterReport(counter, probe.status(), probe.detail()));
                }
            }
        }
        return reports;
    }

    /** Whether it counts. */
    public boolean counts() {
        return status.equals(Probe.ATTACHED);
    }

    /** Whether this one counts. */
    static boolean counts(List<CounterReport> reports, Counter counter) {
        for (CounterReport report : reports) {
            if (report.counter() == counter) {
                return report.counts();
            }
        }
        return false;
    }

    /** One number for each of another, or -1 where one of the two is not known or there are none of the other. */
    static double ratio(List<CounterReport> reports, ThreadCounts counts, Counter of, Counter by) {
        long numerator = counts.counted(of);
        long denominator = counts.counted(by);
        boolean known = counts(reports, of) && counts(reports, by) && numerator != ThreadCounts.UNKNOWN;
        return known && denominator > 0 ? (double) numerator / denominator : -1;
    }
}
