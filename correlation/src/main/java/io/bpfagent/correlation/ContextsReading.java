package io.bpfagent.correlation;

import java.util.ArrayList;
import java.util.List;

/**
 * All contexts there have been since the agent began. Immutable.
 *
 * @param areOn    whether contexts are counted; if not, there are none
 * @param contexts those that a thread has been in, in the order in which they were first named
 */
public record ContextsReading(boolean areOn, List<ContextReport> contexts) {
    /** Contexts are not counted. */
    public static final ContextsReading OFF = new ContextsReading(false, List.of());

    public ContextsReading {
        contexts = List.copyOf(contexts);
    }

    /** The context of this kind and name, or null. */
    public ContextReport find(ContextKind kind, String name) {
        for (ContextReport context : contexts) {
            if (context.kind() == kind && context.name().equals(name)) {
                return context;
            }
        }
        return null;
    }

    /** Those of this name: more than one where several kinds have it. */
    public List<ContextReport> named(String name) {
        List<ContextReport> found = new ArrayList<>(1);
        for (ContextReport context : contexts) {
            if (context.name().equals(name)) {
                found.add(context);
            }
        }
        return found;
    }

    /** The times in all contexts together: each thread's time once, in the context that it was in. */
    public StateTimes total() {
        StateTimes total = StateTimes.ZERO;
        for (ContextReport context : contexts) {
            total = total.plus(context.exclusive());
        }
        return total;
    }

    /** What was added since {@code earlier}. A context that {@code earlier} does not know stays as it is. */
    ContextsReading minus(ContextsReading earlier) {
        List<ContextReport> differences = new ArrayList<>(contexts.size());
        int at = 0;
        for (ContextReport context : contexts) {
            // Both are in the same order; the later one has what was first entered in between.
            boolean same = at < earlier.contexts.size() && context.isSame(earlier.contexts.get(at));
            differences.add(same ? context.minus(earlier.contexts.get(at++)) : context);
        }
        return new ContextsReading(areOn, differences);
    }
}
