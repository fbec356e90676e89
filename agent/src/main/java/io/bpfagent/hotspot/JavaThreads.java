package io.bpfagent.hotspot;

import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/**
 * The live platform threads, without a safepoint.
 *
 * <p>The system thread group is asked for all threads below it; on JDK 21 and later that includes the
 * carriers, and virtual threads never. A thread's fields {@code eetop} (its JavaThread, 0 before the
 * start and after the end) and {@code tid} (its Java id; {@code getId()} can be overridden) are read
 * directly, for which {@code java.lang} is opened to the module of this class and to no other.
 *
 * <p>One thread at a time. Between {@link #refresh()} and {@link #forget()} it holds the threads
 * strongly, afterwards none.
 */
final class JavaThreads {
    private static final int FIRST_ROOM = 64;

    private final ThreadGroup system = systemGroup();
    private final VarHandle eetop;
    private final VarHandle tid;
    private Thread[] threads = new Thread[FIRST_ROOM];
    private int count;

    private JavaThreads(VarHandle eetop, VarHandle tid) {
        this.eetop = eetop;
        this.tid = tid;
    }

    /** @param instrumentation of the agent; null in a JVM started with java.lang open */
    static Finding<JavaThreads> open(Instrumentation instrumentation) {
        try {
            if (instrumentation != null) {
                instrumentation.redefineModule(Object.class.getModule(), Set.of(), Map.of(),
                        Map.of("java.lang", Set.of(JavaThreads.class.getModule())), Set.of(), Map.of());
            }
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup());
            return Finding.found(new JavaThreads(
                    lookup.findVarHandle(Thread.class, "eetop", long.class),
                    lookup.findVarHandle(Thread.class, "tid", long.class)));
        } catch (ReflectiveOperationException | RuntimeException e) {
            return Finding.missing("java.lang.Thread's fields eetop and tid cannot be read: " + e);
        }
    }

    private static ThreadGroup systemGroup() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        return group;
    }

    /** Finds the threads that live now. @return how many */
    int refresh() {
        int found = system.enumerate(threads, true);
        // a full array means that some may have been left out
        while (found == threads.length) {
            threads = new Thread[found * 2];
            found = system.enumerate(threads, true);
        }
        count = found;
        return count;
    }

    /** The i-th of those that {@link #refresh()} found. */
    Thread get(int index) {
        return threads[index];
    }

    /** Lets the threads go, so that ended ones and what they refer to can be collected. */
    void forget() {
        Arrays.fill(threads, 0, count, null);
        count = 0;
    }

    /** Address of its JavaThread, 0 when it has not begun or has ended. */
    long address(Thread thread) {
        return (long) eetop.getVolatile(thread);
    }

    /** Its Java id. */
    long javaId(Thread thread) {
        return (long) tid.get(thread);
    }

    /** Whether it belongs to the system group itself, as the JVM's own threads do. */
    boolean isSystem(Thread thread) {
        return thread.getThreadGroup() == system;
    }
}
