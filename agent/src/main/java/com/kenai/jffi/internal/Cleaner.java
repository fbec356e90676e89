package com.kenai.jffi.internal;

/**
 * Takes the place of jffi's class of this name: cleans nothing up.
 *
 * <p>What jffi would free when an object is collected, a few call contexts and the opened
 * libraries, is used for the JVM's life here. jffi's own starts a {@code java.lang.ref.Cleaner},
 * by reflection: a further thread in the host, and classes that nothing else needs. A library that
 * is closed because its handle was collected would also take the JVM with it at the next call.
 */
public final class Cleaner {
    private Cleaner() {}

    /** What jffi runs to free {@code object} at once: nothing. */
    public static Runnable register(Object object, Runnable cleanup) {
        return new Runnable() {
            @Override
            public void run() {}
        };
    }
}
