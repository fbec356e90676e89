package io.bpfagent.correlation;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How much was lost, by every way there is.
 *
 * @param counts one number for each {@link Loss}, in its order; what is not given is 0
 */
public record Losses(Map<Loss, Long> counts) {
    /** Nothing lost. */
    public static final Losses NONE = new Losses(Map.of());

    public Losses {
        EnumMap<Loss, Long> complete = new EnumMap<>(Loss.class);
        for (Loss loss : Loss.values()) {
            complete.put(loss, counts.getOrDefault(loss, 0L));
        }
        counts = Collections.unmodifiableMap(complete);
    }

    /** The number for {@code loss}. */
    public long get(Loss loss) {
        return counts.get(loss);
    }

    /** The same with {@code more} lost in this way. */
    Losses plus(Loss loss, long more) {
        EnumMap<Loss, Long> sum = new EnumMap<>(counts);
        sum.put(loss, get(loss) + more);
        return new Losses(sum);
    }

    /** What was lost since {@code earlier}; levels stay as they are. */
    public Losses minus(Losses earlier) {
        EnumMap<Loss, Long> difference = new EnumMap<>(Loss.class);
        counts.forEach((loss, count) ->
                difference.put(loss, loss.isLevel() ? count : Math.max(0, count - earlier.get(loss))));
        return new Losses(difference);
    }
}
