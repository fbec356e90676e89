package io.bpfagent.report;

import io.bpfagent.correlation.Pause;
import java.util.ArrayList;
import java.util.List;

/**
 * Which pauses, or which slow events, are asked for.
 *
 * @param last  how many at most, the latest of those that fit the rest
 * @param minNs none that was shorter
 * @param after none whose number is not above this: that of the last one that the asker has seen
 */
public record LatestSelection(int last, long minNs, long after) {
    /** The latest of these, in their order. */
    List<Pause> of(List<Pause> pauses) {
        List<Pause> fitting = new ArrayList<>();
        for (Pause pause : pauses) {
            if (fits(pause.number(), pause.totalNs())) {
                fitting.add(pause);
            }
        }
        return latest(fitting);
    }

    /** Whether the one with this number, which was so long, may be among them. */
    boolean fits(long number, long ns) {
        return number > after && ns >= minNs;
    }

    /** Of those that fit, oldest first, so many as are asked for. */
    <T> List<T> latest(List<T> fitting) {
        return fitting.subList(Math.max(0, fitting.size() - last), fitting.size());
    }
}
