package io.bpfagent.boot;

import jdk.internal.misc.Unsafe;

/**
 * Java's numbers of threads, of the field: {@code getId} can be overridden, on 17. By {@link Unsafe}, which the
 * compilers make one load of wherever it is called; a handle is linked at its first call, and now and then not inlined.
 */
final class ThreadIds {
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();
    private static final long NONE = -1;
    private static final long OFFSET = offset();

    private ThreadIds() {}

    private static long offset() {
        try {
            return UNSAFE.objectFieldOffset(Thread.class, "tid");
        } catch (InternalError e) {
            return NONE;
        }
    }

    /** Whether {@link #of} may be called: a later Java may have no such field. */
    static boolean areKnown() {
        return OFFSET != NONE;
    }

    static long of(Thread thread) {
        return UNSAFE.getLong(thread, OFFSET);
    }
}
