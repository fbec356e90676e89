package io.bpfagent.cli.text;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The last line of every report: what the agent could not count. */
final class LossesText {

    private LossesText() {
    }

    static String of(Map<String, Long> losses) {
        if (losses.isEmpty()) {
            return "losses: not reported\n";
        }
        String counters = new TreeMap<>(losses).entrySet().stream()
            .filter(loss -> loss.getValue() != null && loss.getValue() != 0)
            .map(loss -> loss.getKey() + " " + Quantity.exact(loss.getValue()))
            .collect(Collectors.joining(", "));
        return Layout.wrap("losses: ", counters.isEmpty() ? "none" : counters);
    }
}
