package io.bpfagent.hotspot;

/**
 * Finds live platform threads by their Java ids, for who has to name one to the JDK itself.
 *
 * <p>One thread at a time; between {@link #byId} and {@link #forget()} it holds all live threads strongly. The first
 * {@link #byId} after a {@link #forget()} goes through them, some 30 ns each.
 */
public final class JavaThreadFinder {
    /** Null where java.lang.Thread's fields cannot be read: then nobody is found. */
    private final JavaThreads threads;
    private final LongIntMap indexById = new LongIntMap();
    private boolean found;

    private JavaThreadFinder(JavaThreads threads) {
        this.threads = threads;
    }

    /** To be called after the agent has opened {@code java.lang} to itself. */
    public static JavaThreadFinder open() {
        return new JavaThreadFinder(JavaThreads.open(null).value().orElse(null));
    }

    /** The live thread with that id, or null. */
    public Thread byId(long javaId) {
        if (threads == null || javaId <= 0) {
            return null;
        }
        if (!found) {
            find();
        }
        int index = indexById.get(javaId);
        return index == LongIntMap.ABSENT ? null : threads.get(index);
    }

    private void find() {
        found = true;
        int count = threads.refresh();
        for (int i = 0; i < count; i++) {
            long id = threads.javaId(threads.get(i));
            if (id > 0) {
                indexById.put(id, i);
            }
        }
    }

    /** Lets the threads go. */
    public void forget() {
        if (found) {
            found = false;
            indexById.clear();
            threads.forget();
        }
    }
}
