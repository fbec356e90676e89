package io.bpfagent.boot;

/**
 * Contexts that the application opens and closes itself, in any order. What {@link #open} gives is to be given to
 * {@link #close}, on the same thread.
 *
 * <p>Guarantees: those of {@link ContextRuntime}; closing allocates nothing and takes as many steps as the thread is
 * deep in contexts.
 */
public final class OwnContexts {
    private static final int NODE_BITS = 16;
    private static final int NODE_MASK = (1 << NODE_BITS) - 1;

    private OwnContexts() {}

    /** Begins a context; {@link ContextRuntime#NOTHING} if nothing was done. Else what was before, and what is now. */
    public static long open(String name) {
        long before = ContextRuntime.enter(ContextRuntime.context(ContextRuntime.API, name));
        return before < 0 ? before : ContextRuntime.current() << NODE_BITS | before;
    }

    /**
     * Ends it, and what was opened within it. Where the thread is in it no more, since the one around it was closed
     * first or the thread went on with something else, nothing is done.
     */
    public static void close(long opened) {
        if (opened < 0) {
            return;
        }
        int own = (int) (opened >>> NODE_BITS);
        for (int node = (int) ContextRuntime.current(); node != 0; node = ContextRuntime.parentOf(node)) {
            if (node == own) {
                ContextRuntime.leave(opened & NODE_MASK);
                return;
            }
        }
    }
}
