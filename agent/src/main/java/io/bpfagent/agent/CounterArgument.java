package io.bpfagent.agent;

import io.bpfagent.correlation.Counter;
import io.bpfagent.kernel.KernelException;
import io.bpfagent.report.CounterReport;
import io.bpfagent.report.Probe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The value of {@code counters=}: names of {@link Counter}s joined by {@code +}. */
final class CounterArgument {
    private CounterArgument() {
    }

    /** Those that are named, each once. */
    static List<Counter> of(Argument argument) throws ArgumentException {
        List<Counter> counters = new ArrayList<>();
        for (String part : argument.value().split("\\+", -1)) {
            Counter counter = Counter.of(part.strip()).orElse(null);
            if (counter == null) {
                throw argument.refused("must be some of " + text(Counter.ALL, ", ") + " joined by +");
            }
            if (!counters.contains(counter)) {
                counters.add(counter);
            }
        }
        if (counters.size() > Counter.MOST) {
            throw argument.refused("must be " + Counter.MOST + " at most");
        }
        return List.copyOf(counters);
    }

    /** A line for each reason for which some of them do not count. */
    static List<String> complaints(List<Probe> probes) {
        Map<String, List<Counter>> missing = new LinkedHashMap<>();
        for (CounterReport report : CounterReport.of(probes)) {
            if (!report.counts()) {
                List<Counter> counters = missing.get(report.detail());
                if (counters == null) {
                    counters = new ArrayList<>();
                    missing.put(report.detail(), counters);
                }
                counters.add(report.counter());
            }
        }
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, List<Counter>> entry : missing.entrySet()) {
            String reason = entry.getKey();
            lines.add(new KernelException("Cannot count", " (" + text(entry.getValue(), ", ") + "): " + reason
                    + (reason.endsWith(".") ? "" : ".") + " All else works.").getMessage());
        }
        return lines;
    }

    /** Their names: the inverse of {@link #of}. */
    static String text(List<Counter> counters, String between) {
        StringBuilder names = new StringBuilder();
        for (Counter counter : counters) {
            names.append(names.isEmpty() ? "" : between).append(counter.label());
        }
        return names.toString();
    }
}
