package io.bpfagent.hotspot;

/**
 * The Java threads that live now, by tid and by Java id.
 *
 * <p>Filled once per interval. A tid is read from HotSpot's memory only for a thread that was not there
 * the time before: 1000 known threads cost no system call at all. One thread at a time; holds no
 * Thread between {@link #forget()} and the next {@link #refresh()}.
 */
final class ThreadDirectory {
    private final JavaThreads threads;
    /** Null when HotSpot's structures are not known: then nothing is found by tid. */
    private final OsThreads osThreads;
    private final LongIntMap indexByTid = new LongIntMap();
    private final LongIntMap indexByJavaId = new LongIntMap();
    private LongIntMap tidByJavaId = new LongIntMap();
    private LongIntMap nextTidByJavaId = new LongIntMap();
    private int[] newIndexes = new int[0];
    private long[] newAddresses;
    private int[] newTids;

    ThreadDirectory(JavaThreads threads, OsThreads osThreads) {
        this.threads = threads;
        this.osThreads = osThreads;
    }

    /** What threads have allocated. */
    OwnAllocation allocation(OwnMemory memory, OwnAllocation.Offsets offsets) {
        return new OwnAllocation(memory, threads, offsets);
    }

    /** Whether threads can be found by their tid. */
    boolean knowsTids() {
        return osThreads != null;
    }

    void refresh() {
        int count = threads.refresh();
        indexByTid.clear();
        indexByJavaId.clear();
        nextTidByJavaId.clear();
        int unknown = 0;
        for (int i = 0; i < count; i++) {
            long javaId = threads.javaId(threads.get(i));
            // a native thread that is just attaching has no id yet
            if (javaId <= 0) {
                continue;
            }
            indexByJavaId.put(javaId, i);
            int tid = tidByJavaId.get(javaId);
            if (tid != LongIntMap.ABSENT) {
                indexByTid.put(tid, i);
                nextTidByJavaId.put(javaId, tid);
            } else if (osThreads != null) {
                makeRoom(count);
                newIndexes[unknown++] = i;
            }
        }
        if (unknown > 0) {
            readTids(unknown);
        }
        LongIntMap last = tidByJavaId;
        tidByJavaId = nextTidByJavaId;
        nextTidByJavaId = last;
    }

    private void readTids(int unknown) {
        for (int i = 0; i < unknown; i++) {
            newAddresses[i] = threads.address(threads.get(newIndexes[i]));
        }
        osThreads.read(newAddresses, unknown, newTids, null);
        for (int i = 0; i < unknown; i++) {
            Thread thread = threads.get(newIndexes[i]);
            // an ending thread sets its address to 0 before HotSpot frees what stood there: what was
            // read is right if the address still stands
            if (newTids[i] > 0 && newAddresses[i] != 0 && threads.address(thread) == newAddresses[i]) {
                indexByTid.put(newTids[i], newIndexes[i]);
                nextTidByJavaId.put(threads.javaId(thread), newTids[i]);
            }
        }
    }

    private void makeRoom(int count) {
        if (newIndexes.length < count) {
            newIndexes = new int[count];
            newAddresses = new long[count];
            newTids = new int[count];
        }
    }

    /** The thread with that tid, or null. */
    Thread byTid(int tid) {
        return at(indexByTid.get(tid));
    }

    /** The thread with that Java id, or null; 0 is nobody's. */
    Thread byJavaId(long javaId) {
        return at(indexByJavaId.get(javaId));
    }

    private Thread at(int index) {
        return index == LongIntMap.ABSENT ? null : threads.get(index);
    }

    long javaId(Thread thread) {
        return threads.javaId(thread);
    }

    boolean isSystem(Thread thread) {
        return threads.isSystem(thread);
    }

    /** Lets the threads go. */
    void forget() {
        threads.forget();
    }
}
