package io.bpfagent.report;

import io.bpfagent.correlation.Pause;
import java.util.ArrayList;
import java.util.List;

/**
 * Which pauses are asked for.
 *
 * @param last  how many at most, the latest of those that fit the rest
 * @param minNs none that was shorter
 * @param after none whose number is not above this: that of the last pause that the asker has seen
 */
public record PauseSelection(int last, long minNs, long after) {
    /** The latest of these, in their order. */
    List<Pause> of(List<Pause> pauses) {
        List<Pause> fitting = new ArrayList<>();
        for (Pause pause : pauses) {
            if (pause.number() > after && pause.totalNs() >= minNs) {
                fitting.add(pause);
            }
        }
        return fitting.subList(Math.max(0, fitting.size() - last), fitting.size());
    }
}
