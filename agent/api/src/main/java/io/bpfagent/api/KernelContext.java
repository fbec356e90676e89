package io.bpfagent.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A piece of the application's work whose time the agent keeps apart: how much of it was running, waiting for a CPU,
 * blocked and on what.
 *
 * <pre>{@code
 * try (KernelContext checkout = KernelContext.open("checkout")) {
 *     ...
 * }
 * }</pre>
 *
 * or, for a whole method, {@link Named @KernelContext.Named("checkout")}.
 *
 * <p>Without the agent, and with one that was not told to have contexts ({@code contexts=on}), this does nothing and
 * allocates nothing. A context belongs to the thread that opened it and ends there; one within another is that until it
 * is closed, and then the outer one goes on.
 *
 * <p>Names are few: the agent keeps a thousand, and {@code other} stands for all that are beyond. An order's number
 * does not belong into one.
 */
public final class KernelContext implements AutoCloseable {
    /** What {@link #enter} returns when nothing was done. */
    private static final long NOTHING = -1;
    private static final KernelContext NONE = new KernelContext(NOTHING, null);

    private final long before;
    /** Null when there is nothing to close, or no more. */
    private Thread owner;

    private KernelContext(long before, Thread owner) {
        this.before = before;
        this.owner = owner;
    }

    /**
     * Begins a context on the current thread.
     *
     * @param name of at most 256 characters
     * @return to be closed on the same thread, best by try-with-resources; never null
     */
    public static KernelContext open(String name) {
        long before = enter(name);
        return before == NOTHING ? NONE : new KernelContext(before, Thread.currentThread());
    }

    /**
     * Ends the context: the thread is again in the one that it was in before; those that were opened within it have
     * ended as well. Closing once more does nothing, and so does closing on another thread, or when the one around it
     * was closed.
     */
    @Override
    public void close() {
        if (owner == Thread.currentThread()) {
            owner = null;
            leave(before);
        }
    }

    /** The agent, when it is there, makes it begin the context. */
    private static long enter(String name) {
        return NOTHING;
    }

    /** The agent, when it is there, makes it end the context. */
    private static void leave(long before) {
        // Nothing without an agent.
    }

    /**
     * A context for each call of a method, from its begin to its return or exception. A method that returns sooner than
     * its work is done (a future, a stream) is over when it returns.
     *
     * <p>It is there at run time because HotSpot keeps no others of a class that is loaded.
     */
    @Documented
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    public @interface Named {
        /** The context's name. */
        String value();
    }
}
