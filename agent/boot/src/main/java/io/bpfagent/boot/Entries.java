package io.bpfagent.boot;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What the hooks of requests have in common: they begin a context unless the thread is in one of the same kind already,
 * so that what wraps a servlet, a statement or a chain of filters does not count twice.
 *
 * <p>An entry is what {@link ContextRuntime#enter} returned, and one. 0, which is what is left of a hook's first half
 * that failed, is no entry.
 */
public final class Entries {
    /** Nothing was begun. */
    public static final long NONE = 0;

    static final AtomicLong LOST_HANDOVERS = new AtomicLong();

    private Entries() {}

    /** Ends what was begun. On the thread that began it. */
    public static void leave(long entry) {
        if (entry > 0) {
            ContextRuntime.leave(entry - 1);
        }
    }

    /** For the agent: tasks that went without their context, because too many waited. */
    public static long lostHandovers() {
        return LOST_HANDOVERS.get();
    }

    static long enter(int context) {
        return ContextRuntime.enter(context) + 1;
    }

    /** A context would begin here; that it does not is counted, and nobody has to find its name. */
    static long uncounted() {
        return enter(ContextRuntime.OTHER);
    }

    static long resume(long node) {
        return ContextRuntime.resume(node) + 1;
    }

    /** Whether the thread is in a context of that kind. */
    static boolean isIn(int kind) {
        int node = (int) ContextRuntime.current();
        while (node != 0) {
            int context = ContextRuntime.contextOf(node);
            if (ContextRuntime.kind(context) == kind) {
                return true;
            }
            node = ContextRuntime.parentOf(node);
        }
        return false;
    }
}
