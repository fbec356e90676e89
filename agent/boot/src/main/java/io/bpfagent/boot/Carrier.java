package io.bpfagent.boot;

import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A thread of the JVM on which virtual threads run, as long as it has its row. Written by that thread alone. When it
 * has ended, the next thread that has the row goes on with it, or the agent adds its numbers up and lets it go: who
 * comes first.
 */
final class Carrier {
    /** Of virtual threads whose names are kept: the last that were mounted for {@link #LONG_NS} or more at a time. */
    private static final int NAMES = 64;
    /** A slow event of a virtual thread is at least that long, unless somebody wants to be told of everything. */
    private static final long LONG_NS = 1_000_000;
    private static final long NOBODY = -1;

    final int row;
    /** Where its slot begins. */
    final int slot;
    final VirtualTimes runnable = new VirtualTimes();
    final VirtualTimes mounted = new VirtualTimes();
    private final long[] ids = new long[NAMES];
    private final String[] names = new String[NAMES];
    private int named;
    /** Whose it is, or {@link #NOBODY} for good: as {@link #threadId}, to be agreed upon. */
    private final AtomicLong owner = new AtomicLong();
    /** Written before the owner. */
    private WeakReference<Thread> thread;

    /** Whose it is now. */
    long threadId;
    /** Id of the virtual thread that is mounted; 0 none. */
    long virtualId;
    /** nanoTime: when it was mounted. */
    long mountedNs;
    /** When the one before was unmounted. */
    long unmountedNs;
    /** The node of the carrier itself, while a virtual thread is mounted. */
    int ownNode;
    /** The stay on a CPU in which that was. */
    int unmountedIn;

    Carrier(int row, int slot) {
        this.row = row;
        this.slot = slot;
    }

    /** It is this thread's from now on. @return false if it was let go */
    boolean begin(Thread now, long id) {
        long before = owner.get();
        thread = new WeakReference<>(now);
        if (before == NOBODY || !owner.compareAndSet(before, id)) {
            return false;
        }
        threadId = id;
        virtualId = 0;
        unmountedNs = 0;
        ownNode = 0;
        return true;
    }

    /** For the agent: lets it go if its thread has ended. @return whether nobody writes it any more */
    boolean letGo() {
        long before = owner.get();
        WeakReference<Thread> last = thread;
        Thread there = last == null ? null : last.get();
        return last != null && (there == null || !there.isAlive()) && owner.compareAndSet(before, NOBODY);
    }

    /** A virtual thread was mounted for so long. */
    void leaves(Thread virtual, long id, long ns) {
        mounted.add(ns);
        if (ns >= LONG_NS) {
            int at = named & NAMES - 1;
            ids[at] = 0;
            VarHandle.storeStoreFence();
            names[at] = virtual.getName();
            VarHandle.storeStoreFence();
            ids[at] = id;
            named++;
        }
    }

    /** The name of a virtual thread that was mounted here for long not long ago, or null. Any thread. */
    String nameOf(long id) {
        for (int at = 0; at < NAMES; at++) {
            if (ids[at] == id) {
                VarHandle.loadLoadFence();
                String name = names[at];
                VarHandle.loadLoadFence();
                // It may just be written over.
                return ids[at] == id ? name : null;
            }
        }
        return null;
    }
}
