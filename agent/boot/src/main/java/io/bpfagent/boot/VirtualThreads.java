package io.bpfagent.boot;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The virtual threads of one agent. The kernel knows carriers only: so while a virtual thread is mounted, the slot of
 * its carrier has the thread's node and number, and when it is unmounted the node is kept until it is mounted again. On
 * the way it is counted how long it waited for a carrier, and how long it had one.
 *
 * <p>Of one virtual thread these calls come one after the other, and on one carrier too; all others come at the same
 * time.
 *
 * <p>One clock is read for each hand-over of a carrier from a virtual thread to the next, when the one is unmounted. If
 * the next could run by then, and the carrier has not left its CPU since, it has gone straight from the one to the
 * other, and the next counts as mounted since that moment. Else the clock is read again.
 */
final class VirtualThreads {
    /** At most so many carriers are known at a time; the JDK has 256 of them at most unless it is told otherwise. */
    private static final int CARRIERS = 4096;
    private static final int TRIES = 8;
    /** After so many mounts on it a carrier without a row is looked up again. */
    private static final byte PATIENCE = 64;
    /** A place is given up after an hour, where places run out. */
    private static final long OLD_NS = 3_600_000_000_000L;

    private final ContextSlots slots;
    private final VirtualRows rows = new VirtualRows();
    private final int running;
    private final int yielding;
    private final int yielded;
    private final UnmountedThreads unmounted = new UnmountedThreads();
    /**
     * By the carrier's number. An entry may be that of a thread that has ended, or another's by now: its number tells.
     */
    private final AtomicReferenceArray<Carrier> byThread = new AtomicReferenceArray<>(CARRIERS);
    /** All that the agent has not let go, by row. */
    private final AtomicReferenceArray<Carrier> byRow;
    /** What those have counted that it has. */
    private final long[][] before = new long[2][VirtualRuntime.NUMBERS];
    /** By the carrier's number: how many mounts it has left until then. Two that share a place share that too. */
    private final byte[] withoutRow = new byte[CARRIERS];
    private long lostBefore;

    VirtualThreads(ContextSlots slots, int running, int yielding, int yielded) {
        this.slots = slots;
        this.running = running;
        this.yielding = yielding;
        this.yielded = yielded;
        this.byRow = new AtomicReferenceArray<>(slots.rows());
    }

    void mount(Thread virtual, Thread thread) {
        long id = ThreadIds.of(virtual);
        int at = unmounted.find(id);
        rows.mounts();
        Carrier carrier = carrierOf(thread, true);
        if (carrier == null) {
            // What it was in waits for a carrier that has a row; how long it waits is not known then.
            if (at >= 0) {
                unmounted.runnable(at, -1);
                ContextRuntime.WITHOUT_ROW.addAndGet(unmounted.node(at) == 0 ? 0 : 1);
            }
            rows.enter(id, VirtualRows.NO_ROW);
            return;
        }
        int node = 0;
        long sinceNs = 0;
        if (at >= 0) {
            node = unmounted.node(at);
            sinceNs = unmounted.sinceNs(at);
            unmounted.remove(at);
        }
        int slot = carrier.slot;
        long now = carrier.unmountedNs;
        if (sinceNs <= 0 || sinceNs > now || slots.stay(slot) != carrier.unmountedIn) {
            now = System.nanoTime();
        }
        if (sinceNs > 0) {
            carrier.runnable.add(now - sinceNs);
        }
        carrier.mountedNs = now;
        carrier.virtualId = id;
        if (!slots.isMounted(slot)) {
            // Else an unmount was not seen: the node is that of the virtual thread before.
            carrier.ownNode = slots.node(slot);
        }
        rows.enter(id, carrier.row);
        slots.mount(slot, id, node, now);
    }

    void unmount(Thread virtual, Thread thread, int state) {
        Carrier carrier = carrierOf(thread, false);
        long id = ThreadIds.of(virtual);
        rows.leave(id);
        if (carrier == null || carrier.virtualId != id) {
            // It was mounted before it was followed, or before the carrier had a row. What it was in waits still.
            if (state == running) {
                unmounted.forget(id);
            }
            return;
        }
        int slot = carrier.slot;
        long now = System.nanoTime();
        carrier.leaves(virtual, id, now - carrier.mountedNs);
        carrier.virtualId = 0;
        carrier.unmountedNs = now;
        int node = slots.node(slot);
        slots.unmount(slot, carrier.ownNode, now);
        carrier.unmountedIn = slots.stay(slot);
        carrier.ownNode = 0;
        if (state == yielding) {
            unmounted.put(id, node, now);
        } else if (node != 0 && state != running) {
            // Running still: it has ended, and what it was in ends with it.
            unmounted.put(id, node, -now);
        }
    }

    void submit(Thread virtual, int state) {
        // Noted when it was unmounted.
        if (state == yielded) {
            return;
        }
        long id = ThreadIds.of(virtual);
        int at = unmounted.find(id);
        if (at < 0) {
            unmounted.put(id, 0, System.nanoTime());
        } else if (unmounted.sinceNs(at) <= 0) {
            // Else the JDK calls one of the methods that submit from within another.
            unmounted.runnable(at, System.nanoTime());
        }
    }

    /** @param isNew whether one that has not come before is looked for */
    private Carrier carrierOf(Thread thread, boolean isNew) {
        long id = ThreadIds.of(thread);
        Carrier carrier = byThread.getPlain((int) id & CARRIERS - 1);
        return carrier != null && carrier.threadId == id ? carrier : lookUp(thread, id, isNew);
    }

    private Carrier lookUp(Thread thread, long id, boolean isNew) {
        for (int i = 1; i < TRIES; i++) {
            Carrier carrier = byThread.getPlain((int) id + i & CARRIERS - 1);
            if (carrier != null && carrier.threadId == id) {
                return carrier;
            }
        }
        return isNew ? find(thread, id) : null;
    }

    /** A carrier's first time: the only one that may take microseconds, and allocate. */
    private Carrier find(Thread thread, long id) {
        int place = (int) id & CARRIERS - 1;
        if (withoutRow[place] > 0) {
            withoutRow[place]--;
            return null;
        }
        try {
            int row = slots.rowOfCurrent();
            if (row < 0) {
                withoutRow[place] = PATIENCE - 1;
                return null;
            }
            Carrier carrier = byRow.get(row);
            if (carrier == null || !carrier.begin(thread, id)) {
                carrier = new Carrier(row, ContextSlots.slotOf(row));
                carrier.begin(thread, id);
                byRow.set(row, carrier);
            }
            enter(carrier, id);
            return carrier;
        } catch (Throwable e) {
            // No memory, or no room on the stack.
            return null;
        }
    }

    private void enter(Carrier carrier, long id) {
        int place = (int) id & CARRIERS - 1;
        for (int i = 0; i < TRIES; i++) {
            Carrier there = byThread.get((int) id + i & CARRIERS - 1);
            if (there == null || there == carrier) {
                place = (int) id + i & CARRIERS - 1;
                break;
            }
        }
        byThread.set(place, carrier);
    }

    /** Goes all these ways once, with a thread that is none: whatever is linked at first use is linked then. */
    void rehearse(Thread caller) {
        Thread nobody = new Thread("bpf-agent-nobody");
        for (int state : new int[] {running, yielding, yielded}) {
            submit(nobody, running);
            mount(nobody, caller);
            unmount(nobody, caller, state);
        }
        mount(nobody, caller);
        unmount(nobody, caller, running);
        unmount(nobody, caller, running);
        end();
    }

    /**
     * From now on. Virtual threads have slots after the first mount only: until then the JDK's class may not have been
     * woven, and may never be.
     */
    void begin() {
        slots.follow(rows);
    }

    /** Nothing calls the three above any more, but for those that are in them. */
    void end() {
        slots.follow(null);
        release(null);
    }

    /**
     * Gives those carriers back to themselves that a virtual thread still has. Whoever was in one of the three above
     * when they ended can take one afterwards, and a program that just ends a stay can write back what it has read
     * before: so this is to be called again, some time later, until it finds none.
     *
     * @param followed those that are followed by now, which keep theirs; or null
     * @return whether there was one
     */
    boolean release(VirtualThreads followed) {
        boolean found = false;
        for (int row = 0; row < byRow.length(); row++) {
            int slot = ContextSlots.slotOf(row);
            if (slots.isMounted(slot)) {
                long id = slots.virtualThread(slot);
                Carrier carrier = byRow.get(row);
                if (followed == null || !followed.has(row, id)) {
                    slots.release(slot, id, carrier == null ? 0 : carrier.ownNode);
                    found = true;
                }
            }
        }
        return found;
    }

    private boolean has(int row, long id) {
        Carrier carrier = byRow.get(row);
        return carrier != null && id != 0 && carrier.virtualId == id;
    }

    /** For the agent, once in a while: lets those carriers go whose threads have ended, 9 KiB each. */
    void letGo() {
        for (int row = 0; row < byRow.length(); row++) {
            Carrier carrier = byRow.get(row);
            if (carrier != null && carrier.letGo()) {
                carrier.runnable.addTo(before[VirtualRuntime.RUNNABLE]);
                carrier.mounted.addTo(before[VirtualRuntime.MOUNTED]);
                // Unless the row's next thread has put its own there, which found this one let go.
                byRow.compareAndSet(row, carrier, null);
                for (int place = 0; place < CARRIERS; place++) {
                    if (byThread.get(place) == carrier) {
                        byThread.compareAndSet(place, carrier, null);
                    }
                }
            }
        }
    }

    /** How many carriers there are. */
    int carriers() {
        int count = 0;
        for (int row = 0; row < byRow.length(); row++) {
            count += byRow.get(row) == null ? 0 : 1;
        }
        return count;
    }

    /** Adds up what was counted. By the thread that calls {@link #letGo}. */
    void read(int what, long[] into) {
        for (int i = 0; i < VirtualTimes.BUCKETS + 1; i++) {
            into[i] += before[what][i];
        }
        int max = VirtualTimes.BUCKETS + 1;
        into[max] = Math.max(into[max], before[what][max]);
        for (int row = 0; row < byRow.length(); row++) {
            Carrier carrier = byRow.get(row);
            if (carrier != null) {
                (what == VirtualRuntime.RUNNABLE ? carrier.runnable : carrier.mounted).addTo(into);
            }
        }
    }

    /** By one thread, once in a while: where places run out it gives up those that nobody has come back to for long. */
    long lost() {
        long lost = unmounted.lost();
        if (lost != lostBefore) {
            unmounted.forgetBefore(System.nanoTime() - OLD_NS);
            lostBefore = lost;
        }
        return lost;
    }

    String nameOf(long id) {
        for (int row = 0; row < byRow.length(); row++) {
            Carrier carrier = byRow.get(row);
            String name = carrier == null ? null : carrier.nameOf(id);
            if (name != null) {
                return name;
            }
        }
        return null;
    }
}
