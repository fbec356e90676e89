package io.bpfagent.boot;

import java.util.Set;

/**
 * Contexts of the time that threads spend in asking a broker for more: {@code poll orders}.
 *
 * <p>{@link #enter} is to be followed by {@link Entries#leave} on the same thread. None of them throws, but for what
 * the host's set does.
 */
public final class Polls {
    private static final String POLL = "poll";
    /** Contexts of consumers: 8 KiB. */
    private static final IdentityTable CONSUMERS = new IdentityTable(10);

    private Polls() {}

    /** The number of the context that a consumer's polls are, or -1 if it is to be {@link #named}. */
    public static int context(Object consumer) {
        return CONSUMERS.get(consumer);
    }

    /**
     * The same for a consumer that reads these topics. It allocates; once for each consumer that has topics.
     *
     * @param topics none if that cannot be known now
     */
    public static int named(Object consumer, Set<String> topics) {
        String first = null;
        for (String topic : topics) {
            // The first in the order of their names: a set gives them in any.
            first = first == null || topic.compareTo(first) < 0 ? topic : first;
        }
        if (first == null) {
            return ContextRuntime.context(ContextRuntime.POLL, POLL);
        }
        String more = topics.size() == 1 ? "" : " +" + (topics.size() - 1);
        int context = ContextRuntime.context(ContextRuntime.POLL, POLL + " " + first + more);
        CONSUMERS.set(consumer, context);
        return context;
    }

    /** The consumer will read other topics. */
    public static void forget(Object consumer) {
        CONSUMERS.take(consumer);
    }

    /** Begins a poll, unless the thread is in one already. */
    public static long enter(int context) {
        return Entries.isIn(ContextRuntime.POLL) ? Entries.NONE : Entries.enter(context);
    }
}
