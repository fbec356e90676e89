package io.bpfagent.boot;

import java.util.Arrays;

/**
 * Follows virtual threads from carrier to carrier: what the advice in {@code java.lang.VirtualThread} calls.
 *
 * <p>Assumptions: {@link #mount} is called by the carrier before it mounts, {@link #unmount} by it when it has
 * unmounted, {@link #submit} by whoever made a virtual thread runnable. All three run inside the JDK's scheduler:
 * whoever parks there, waits for a lock or loads a class can stop every virtual thread for good.
 *
 * <p>Guarantees: none of the three parks, locks or throws, nor, once the carrier has come before, allocates or loads a
 * class. None looks at the current thread, which is just changing.
 */
public final class VirtualRuntime {
    /** The length of what {@link #read} fills: counts by bucket, sum, maximum. */
    public static final int NUMBERS = VirtualTimes.BUCKETS + 2;
    /** What there is to be read: waits for a carrier ... */
    public static final int RUNNABLE = 0;
    /** ... and times on one. */
    public static final int MOUNTED = 1;

    /** Null while virtual threads are not followed. */
    private static volatile VirtualThreads threads;
    /** What those before have counted, and how many they lost. Guarded by the class, which the agent alone locks. */
    private static final long[][] BEFORE = new long[2][NUMBERS];
    private static long lostBefore;
    /** Those that may have left carriers behind, or null. Likewise. */
    private static VirtualThreads ended;

    private VirtualRuntime() {
    }

    /** A virtual thread is about to be mounted on the thread that calls. */
    public static void mount(Thread virtual, Thread carrier) {
        VirtualThreads now = threads;
        if (now != null) {
            now.mount(virtual, carrier);
        }
    }

    /** A virtual thread has been unmounted from the thread that calls. @param state of the virtual thread, its field */
    public static void unmount(Thread virtual, Thread carrier, int state) {
        VirtualThreads now = threads;
        if (now != null) {
            now.unmount(virtual, carrier, state);
        }
    }

    /** A virtual thread can run and waits for a carrier from now on. @param state of the virtual thread, its field */
    public static void submit(Thread virtual, int state) {
        VirtualThreads now = threads;
        if (now != null) {
            now.submit(virtual, state);
        }
    }

    /**
     * For the agent, when contexts are installed and before anything of this is woven in: from the first mount on
     * virtual threads are followed.
     *
     * @param running  what the field {@code state} of a virtual thread is while it is mounted ...
     * @param yielding ... when it is unmounted by {@code Thread.yield} ...
     * @param yielded  ... and when it waits for a carrier after that
     * @throws IllegalStateException if no contexts are installed
     */
    public static synchronized void follow(int running, int yielding, int yielded) {
        unfollow();
        ContextSlots slots = ContextRuntime.slots();
        if (slots == null) {
            throw new IllegalStateException("there are no contexts");
        }
        new VirtualThreads(slots, running, yielding, yielded).rehearse(Thread.currentThread());
        VirtualThreads followed = new VirtualThreads(slots, running, yielding, yielded);
        followed.begin();
        threads = followed;
    }

    /**
     * For the agent, before this is taken out of where it is woven in: carriers are carriers again. Afterwards unmounts
     * would not be seen.
     */
    public static synchronized void unfollow() {
        VirtualThreads now = threads;
        threads = null;
        if (now != null) {
            now.end();
            ended = now;
            now.read(RUNNABLE, BEFORE[RUNNABLE]);
            now.read(MOUNTED, BEFORE[MOUNTED]);
            lostBefore += now.lost();
        }
    }

    /**
     * For the agent, once in a while: carriers that a thread took while following ended are carriers again, and those
     * that have ended are let go.
     */
    public static synchronized void refresh() {
        if (ended != null && !ended.release(threads)) {
            ended = null;
        }
        VirtualThreads now = threads;
        if (now != null) {
            now.letGo();
        }
    }

    /** For an agent that begins: nothing has been counted. */
    public static synchronized void forget() {
        unfollow();
        Arrays.fill(BEFORE[RUNNABLE], 0);
        Arrays.fill(BEFORE[MOUNTED], 0);
        lostBefore = 0;
    }

    /** For the agent: whether virtual threads are followed. */
    public static boolean follows() {
        return threads != null;
    }

    /**
     * For the agent: adds up what was counted of all carriers since {@link #forget}.
     *
     * @param what {@link #RUNNABLE} or {@link #MOUNTED}
     * @param into {@link #NUMBERS} of them; all are set
     */
    public static synchronized void read(int what, long[] into) {
        System.arraycopy(BEFORE[what], 0, into, 0, NUMBERS);
        VirtualThreads now = threads;
        if (now != null) {
            now.read(what, into);
        }
    }

    /** For the agent: virtual threads for which no place was left while they were unmounted. */
    public static synchronized long lost() {
        VirtualThreads now = threads;
        return lostBefore + (now == null ? 0 : now.lost());
    }

    /** For the agent: the name of a virtual thread that was mounted for a millisecond or more not long ago; or null. */
    public static String nameOf(long id) {
        VirtualThreads now = threads;
        return now == null ? null : now.nameOf(id);
    }
}
