package io.bpfagent.hotspot;

/** What probes of HotSpot's are attached for: all probes of a use, or none, since half of a pair tells nothing. */
public enum ProbeUse {
    THREAD_NAMES("names of threads that end within an interval", ""),
    /** Only where a sleeping thread cannot be told by the futex that it waits on. */
    SLEEP("blocked_sleep", ""),
    /** The VM operations too: the first one's begin is the end of the time to safepoint. */
    PAUSES("pauses, safepoint, gc_pause, time_to_safepoint, vm_operation", ""),
    COLLECTIONS("gc_pause", ""),
    CLASS_INIT("class_init", ""),
    COMPILE("jit_compile", ""),
    MONITOR("monitor_contended", "DTraceMonitorProbes"),
    PARK("park", ""),
    /** Before 18 the interpreter and the compilers pass no size: JDK-8276209. */
    ALLOCATION("object_alloc", "DTraceAllocProbes", 18);

    private final String gives;
    private final String flag;
    private final int release;

    ProbeUse(String gives, String flag) {
        this(gives, flag, 0);
    }

    ProbeUse(String gives, String flag, int release) {
        this.gives = gives;
        this.flag = flag;
        this.release = release;
    }

    /** What is missing without them, in words. */
    public String gives() {
        return gives;
    }

    /** The first release of the JDK whose probes of this use tell the truth; 0 when all do. */
    public int release() {
        return release;
    }

    /** Whether it is so frequent that it is there only when somebody asks for it, and can be let go again. */
    public boolean isOnRequest() {
        return this == MONITOR || this == PARK || this == ALLOCATION;
    }

    /** The flag of the JVM without which these probes are never hit; empty when there is none. */
    public String flag() {
        return flag;
    }
}
