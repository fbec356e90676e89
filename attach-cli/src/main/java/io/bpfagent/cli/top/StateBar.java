package io.bpfagent.cli.top;

import java.util.EnumMap;
import java.util.Map;

/** Times as a bar of characters, one for each state. */
final class StateBar {

    private StateBar() {
    }

    /** Adds a bar of exactly so many cells; one without any time is blank. */
    static void add(Line line, Map<String, Long> timesNs, int cells) {
        long whole = 0;
        for (ThreadState state : ThreadState.ALL) {
            whole += state.ns(timesNs);
        }
        if (whole <= 0) {
            line.add(" ".repeat(cells));
            return;
        }
        cells(timesNs, whole, cells).forEach((state, count) ->
            line.add(String.valueOf(state.sign()).repeat(count), state.style()));
    }

    /** By the method of the largest remainder: they add up, and none is off by a whole cell. */
    private static Map<ThreadState, Integer> cells(Map<String, Long> timesNs, long whole, int cells) {
        Map<ThreadState, Integer> counts = new EnumMap<>(ThreadState.class);
        Map<ThreadState, Double> rests = new EnumMap<>(ThreadState.class);
        int left = cells;
        for (ThreadState state : ThreadState.ALL) {
            double exact = (double) state.ns(timesNs) / whole * cells;
            int count = Math.min(left, (int) exact);
            counts.put(state, count);
            rests.put(state, exact - count);
            left -= count;
        }
        for (; left > 0; left--) {
            ThreadState most = rests.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
            counts.merge(most, 1, Integer::sum);
            rests.put(most, -1.0);
        }
        return counts;
    }
}
