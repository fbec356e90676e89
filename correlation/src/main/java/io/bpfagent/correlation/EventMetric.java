package io.bpfagent.correlation;

import java.util.List;
import java.util.Locale;

/**
 * What HotSpot's probes tell about the whole process, its system calls and its virtual threads, a histogram each. The
 * order is that of {@code enum event_metric} in records.h: {@link #ordinal()} is the kernel's number.
 */
public enum EventMetric implements Metric {
    /** Safepoints in which the garbage collector worked, from their begin to their end. */
    GC_PAUSE("Pauses in which the garbage collector worked"),
    /** All safepoints, from the request to stop until the threads may go on. */
    SAFEPOINT("Pauses of the JVM, until the threads may go on"),
    /** From the request to stop until all threads have stopped. */
    TIME_TO_SAFEPOINT("Pauses of the JVM, until all threads had stopped"),
    /** VM operations, at a safepoint or not; also by operation. */
    VM_OPERATION("Operations of the VM thread, in a pause or not"),
    /** Static initializers of classes, with those that they call for. */
    CLASS_INIT("Static initializers of classes, with those that they call for"),
    /** Methods compiled, from the compiler's begin to its end. */
    JIT_COMPILE("Methods compiled"),
    /** Contended monitor entries; needs {@code -XX:+DTraceMonitorProbes}. On request. */
    MONITOR_CONTENDED("Contended monitor entries"),
    /** {@code LockSupport.park}, whole calls. On request. */
    PARK("Calls of LockSupport.park"),
    /** Sizes of allocated objects in bytes; needs {@code -XX:+DTraceAllocProbes}. On request. */
    OBJECT_ALLOC("Sizes of allocated objects"),
    /** System calls, from where they are entered to where they are left; also by name. On request. */
    SYSCALL("System calls"),
    /** Virtual threads' waits for a carrier: from when they could run until they were mounted. With {@code virtual}. */
    VIRTUAL_RUNNABLE("Waits of virtual threads for a carrier"),
    /** For how long virtual threads were mounted, at a time. With {@code virtual}. */
    VIRTUAL_MOUNTED("How long virtual threads were mounted, at a time"),
    /** Carriers blocked in the kernel while a virtual thread was mounted; also by reason. With {@code virtual}. */
    VIRTUAL_PINNED("Carriers blocked in the kernel while a virtual thread was mounted");

    /** All by the kernel's number; shared, because {@code values()} copies. */
    public static final List<EventMetric> ALL = List.of(values());

    private final String metric = name().toLowerCase(Locale.ROOT);
    private final String what;

    EventMetric(String what) {
        this.what = what;
    }

    @Override
    public String metric() {
        return metric;
    }

    @Override
    public String what() {
        return what;
    }

    @Override
    public boolean isOnRequest() {
        return this == MONITOR_CONTENDED || this == PARK || this == OBJECT_ALLOC || this == SYSCALL
                || isOfVirtualThreads();
    }

    /** Whether it comes with {@code virtual=true}, and not with {@code metrics}. */
    public boolean isOfVirtualThreads() {
        return this == VIRTUAL_RUNNABLE || this == VIRTUAL_MOUNTED || this == VIRTUAL_PINNED;
    }

    /** Whether {@link EventUsage#byName} has parts of it. */
    public boolean hasOperations() {
        return this == VM_OPERATION || this == SYSCALL || this == VIRTUAL_PINNED;
    }

    @Override
    public boolean isBytes() {
        return this == OBJECT_ALLOC;
    }

    @Override
    public boolean isOfThreads() {
        return false;
    }
}
