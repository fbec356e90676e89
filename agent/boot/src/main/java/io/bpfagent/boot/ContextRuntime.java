package io.bpfagent.boot;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Begins and ends contexts of threads. Hooks call it; what they get back, they give back:
 *
 * <pre>{@code
 * long before = ContextRuntime.enter(context);
 * try {
 *     ...
 * } finally {
 *     ContextRuntime.leave(before);
 * }
 * }</pre>
 *
 * <p>A thread is in a <em>node</em>: a context within the contexts that it was begun in. Node 0 is none. Nodes and
 * contexts are small numbers that mean the same for the JVM's life, also after the agent has gone and another has come.
 *
 * <p>Guarantees: nothing throws, whatever is passed in any order. {@link #enter}, {@link #leave}, {@link #current} and
 * {@link #resume} do not allocate, lock, block, log or load a class, but that a thread's first context asks the agent
 * for its row. A thread sets its own context and no other's, so contexts that were never left end with their thread or
 * with the {@code leave} of the one around them. Without an agent all of it does nothing.
 */
public final class ContextRuntime {
    /** What {@link #enter} and {@link #resume} return when nothing was done: {@link #leave} does nothing then. */
    public static final long NOTHING = -1;
    /** As many contexts with names as there can be, without {@link #OTHER}. */
    public static final int MOST_NAMES = ContextNames.MOST;
    /** The context of what has no name and no kind. Where a kind has no room for a name, that kind's own is taken. */
    public static final int OTHER = ContextNames.OTHER;
    /** Hooks have numbers below this. */
    public static final int HOOKS = 64;

    /** Kinds of contexts; the agent's own list has the same order. */
    public static final int REQUEST = 1;
    public static final int METHOD = 2;
    public static final int STATEMENT = 3;
    public static final int POLL = 4;
    public static final int TASK = 5;
    public static final int API = 6;

    private static final int VERSION = 1;

    static final AtomicLong WITHOUT_ROW = new AtomicLong();
    static final AtomicLong ON_VIRTUAL_THREADS = new AtomicLong();

    private static final AtomicIntegerArray HOOK_FAILURES = new AtomicIntegerArray(HOOKS);
    private static final AtomicReferenceArray<String> FIRST_FAILURES = new AtomicReferenceArray<>(HOOKS);

    /** Null while no agent counts contexts. */
    private static volatile ContextSlots slots;

    private ContextRuntime() {}

    /**
     * Which contract these classes keep: another agent's may have been here first. One that needs another contract has
     * no contexts until the JVM is started anew.
     */
    public static int version() {
        return VERSION;
    }

    /** Begins a context on the current thread, within the one that it is in; returns what {@link #leave} needs. */
    public static long enter(int context) {
        ContextSlots now = slots;
        return now == null ? NOTHING : now.enter(context);
    }

    /** Ends a context on the current thread: it is again in the one that it was in before. */
    public static void leave(long before) {
        ContextSlots now = slots;
        if (now != null) {
            now.leave(before);
        }
    }

    /** The current thread's node, to hand over to a task; 0: none. */
    public static long current() {
        ContextSlots now = slots;
        return now == null ? 0 : now.current();
    }

    /**
     * The current thread goes on with what {@link #current} gave, on another thread; returns what {@link #leave} needs.
     */
    public static long resume(long node) {
        ContextSlots now = slots;
        return now == null || node < 0 ? NOTHING : now.resume(node);
    }

    /** Whether what the current thread begins is counted. */
    static boolean isCounted() {
        ContextSlots now = slots;
        return now != null && now.hasCurrent();
    }

    /** Which span the current thread is in: {@link Spans} knows. */
    static int span() {
        ContextSlots now = slots;
        return now == null ? 0 : now.span();
    }

    static void setSpan(int number) {
        ContextSlots now = slots;
        if (now != null) {
            now.setSpan(number);
        }
    }

    /**
     * The number of the context with this name, new if there is none yet; the kind's {@code other} if there is no room.
     * It may allocate, and does not lock: to be called once where the name is a constant.
     *
     * @param kind {@link #REQUEST} and so on
     */
    public static int context(int kind, String name) {
        return ContextNames.number(kind, name);
    }

    /**
     * A hook has failed and swallowed that; the agent takes out one that has failed ten times in a minute. That the
     * host has no memory, or no room on a stack, is no failure of the hook's.
     */
    public static void hookFailed(int hook, Throwable thrown) {
        if (thrown instanceof VirtualMachineError) {
            return;
        }
        int index = hook & HOOKS - 1;
        HOOK_FAILURES.incrementAndGet(index);
        if (thrown != null && FIRST_FAILURES.get(index) == null) {
            // Not its message: whoever makes that may be the host's code.
            FIRST_FAILURES.compareAndSet(index, null, thrown.getClass().getName());
        }
    }

    /** For the agent: how often a hook has failed. */
    public static int hookFailures(int hook) {
        return HOOK_FAILURES.get(hook & HOOKS - 1);
    }

    /** For the agent: the class of what a hook threw first, or null. */
    public static String firstFailure(int hook) {
        return FIRST_FAILURES.get(hook & HOOKS - 1);
    }

    /** For the agent: the number is another hook's from now on. */
    public static void forgetHook(int hook) {
        HOOK_FAILURES.set(hook & HOOKS - 1, 0);
        FIRST_FAILURES.set(hook & HOOKS - 1, null);
    }

    /**
     * For the agent: from now on contexts are counted.
     *
     * @param memory     {@code struct context_slot} for each row; it must stay valid for the JVM's life, whatever is
     * there                   after {@link #uninstall}
     * @param finder     which row is a thread's
     * @param clockAhead how far {@link System#nanoTime} is ahead of the kernel's CLOCK_MONOTONIC, ns
     * @throws IllegalStateException if the number of a thread cannot be read: this JDK keeps it elsewhere
     */
    public static void install(ByteBuffer memory, SlotFinder finder, long clockAhead) {
        ContextSlots installed = new ContextSlots(memory, finder, clockAhead);
        // The first call links call sites and loads classes: not in the host's hooks.
        installed.current();
        ContextNodes.link();
        slots = installed;
    }

    /** For the agent: from now on contexts are not counted, but a thread that is in a hook may still finish it. */
    public static void uninstall() {
        slots = null;
    }

    static ContextSlots slots() {
        return slots;
    }

    /** For the agent, once in a while: looks again for the rows of threads that had none. */
    public static void forgetMissingRows() {
        ContextSlots now = slots;
        if (now != null) {
            now.forgetMissingRows();
        }
    }

    /** For the agent: numbers of contexts are below this. */
    public static int contexts() {
        return ContextNames.count();
    }

    /** For the agent: the name of a context, or null if it has none yet. */
    public static String name(int context) {
        return ContextNames.name(context);
    }

    /** For the agent: the kind of a context, 0 for {@link #OTHER} and for one without a name. */
    public static int kind(int context) {
        return ContextNames.kind(context);
    }

    /** For the agent: numbers of nodes are below this. */
    public static int nodes() {
        return ContextNodes.count();
    }

    /** For the agent: which context a node is; 0: it is not known yet. */
    public static int contextOf(int node) {
        return ContextNodes.context(node);
    }

    /** For the agent: the node around a node; 0: none. */
    public static int parentOf(int node) {
        return ContextNodes.parent(node);
    }

    /** For the agent: how often a node was entered since the JVM began, without what slots have counted since. */
    public static long entered(int node) {
        return ContextNodes.entered(node);
    }

    /** For the agent: how often a name found no room. */
    public static long namesOverLimit() {
        return ContextNames.overLimit();
    }

    /** For the agent: how often a context found no room within another. */
    public static long nodesOverLimit() {
        return ContextNodes.overLimit();
    }

    /** For the agent: contexts that threads without a row would have begun. */
    public static long withoutRow() {
        return WITHOUT_ROW.get();
    }

    /** For the agent: contexts that virtual threads would have begun. */
    public static long onVirtualThreads() {
        return ON_VIRTUAL_THREADS.get();
    }
}
