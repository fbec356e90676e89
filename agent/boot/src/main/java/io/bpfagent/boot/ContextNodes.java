package io.bpfagent.boot;

import io.bpfagent.records.RecordLayouts.ContextSizes;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Contexts within contexts: a node is another node and a context, for the JVM's life. Any number of threads; nobody
 * waits for another, and nothing is allocated.
 *
 * <p>A context within itself is no other node. One within another within the first is: so deep recursion over several
 * contexts would make nodes without end, and there is a limit to the depth.
 *
 * <p>Heap: 28 KiB; outside of it 32.
 */
final class ContextNodes {
    static final int MOST = ContextSizes.CONTEXT_NODES;
    static final int MOST_DEPTH = 32;
    static final int NO_ROOM = -1;

    private static final int CONTEXT_BITS = 11;
    private static final int CONTEXT_MASK = (1 << CONTEXT_BITS) - 1;
    private static final int NODE_BITS = 16;
    private static final int NODE_MASK = (1 << NODE_BITS) - 1;
    private static final int PLACE_BITS = 12;
    private static final int PLACES = 1 << PLACE_BITS;

    /**
     * By hash: parent, context and the node's number; 0: free. At most half of it is ever used. No AtomicLongArray:
     * where that has its array, and how long it is, is looked up again at each access.
     */
    private static final NativeMemory CHILDREN = NativeMemory.forGood(PLACES * Long.BYTES);
    /** A node's parent and context. Written before anybody can know the node's number. */
    private static final int[] PATHS = new int[MOST];
    private static final byte[] DEPTHS = new byte[MOST];
    private static final AtomicLongArray ENTERED = new AtomicLongArray(MOST);
    private static final AtomicInteger NEXT = new AtomicInteger(1);
    private static final AtomicLong OVER_LIMIT = new AtomicLong();

    private ContextNodes() {}

    /** The node of a context within a node; {@link #NO_ROOM} if there is none, and no room for it. */
    static int within(int parent, int context) {
        if (context(parent) == context) {
            return parent;
        }
        int key = parent << CONTEXT_BITS | context;
        int place = place(key);
        long child;
        while ((child = CHILDREN.getLongAcquire(place * Long.BYTES)) != 0) {
            if ((int) (child >>> NODE_BITS) == key) {
                return (int) child & NODE_MASK;
            }
            place = place + 1 & PLACES - 1;
        }
        return enter(parent, context, key);
    }

    /** Always one of the places: nothing else looks whether it is. */
    private static int place(int key) {
        return key * 0x9e3779b1 >>> Integer.SIZE - PLACE_BITS;
    }

    private static int enter(int parent, int context, int key) {
        int node = context < 1 || context >= ContextSizes.CONTEXTS || DEPTHS[parent] == MOST_DEPTH ? NO_ROOM : take();
        if (node == NO_ROOM) {
            OVER_LIMIT.incrementAndGet();
            return NO_ROOM;
        }
        PATHS[node] = key;
        DEPTHS[node] = (byte) (DEPTHS[parent] + 1);
        long entry = (long) key << NODE_BITS | node;
        int place = place(key);
        while (!CHILDREN.compareAndSetLong(place * Long.BYTES, 0, entry)) {
            long other = CHILDREN.getLongAcquire(place * Long.BYTES);
            if ((int) (other >>> NODE_BITS) == key) {
                // Another thread was first: a number is lost, and that is all.
                return (int) other & NODE_MASK;
            }
            place = place + 1 & PLACES - 1;
        }
        return node;
    }

    private static int take() {
        int node;
        do {
            node = NEXT.get();
            if (node >= MOST) {
                return NO_ROOM;
            }
        } while (!NEXT.compareAndSet(node, node + 1));
        return node;
    }

    /** Links what is called below, which may load classes, and changes nothing. */
    static void link() {
        NEXT.compareAndSet(0, 0);
        addEntered(0, 0);
    }

    /** Adds to how often a node was entered. */
    static void addEntered(int node, long count) {
        ENTERED.getAndAdd(node & MOST - 1, count);
    }

    static int count() {
        return NEXT.get();
    }

    static int context(int node) {
        return PATHS[node & MOST - 1] & CONTEXT_MASK;
    }

    static int parent(int node) {
        return PATHS[node & MOST - 1] >>> CONTEXT_BITS;
    }

    static long entered(int node) {
        return ENTERED.get(node & MOST - 1);
    }

    static long overLimit() {
        return OVER_LIMIT.get();
    }
}
