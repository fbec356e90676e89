package io.bpfagent.hotspot;

import io.bpfagent.hotspot.MemoryReader.UnreadableException;
import java.util.Map;
import java.util.Set;

/**
 * Where HotSpot keeps what tells a thread and its state.
 *
 * @param osThreadOffset      in JavaThread: pointer to its OSThread
 * @param osThreadIdOffset    in OSThread: the tid, 32 bits, of the innermost pid namespace
 * @param pthreadIdOffset     in OSThread: its pthread_t, 64 bits
 * @param osThreadStateOffset in OSThread: its state, 32 bits
 * @param javaThreadBytes     size of JavaThread
 * @param monitorWait         the state of a thread that waits to enter a monitor
 * @param condvarWait         the state of one that parks, sleeps or waits inside HotSpot
 * @param objectWait          the state of one in Object.wait
 * @param allocation          in Thread: what it has allocated; null where that is not known
 */
public record HotSpotLayout(int osThreadOffset, int osThreadIdOffset, int pthreadIdOffset,
        int osThreadStateOffset, int javaThreadBytes, int monitorWait, int condvarWait, int objectWait,
        OwnAllocation.Offsets allocation) {
    private static final Set<String> TYPES = Set.of("JavaThread", "Thread", "OSThread", "ThreadLocalAllocBuffer");

    /** Of which it is not known where a thread's allocation is counted. */
    public HotSpotLayout(int osThreadOffset, int osThreadIdOffset, int pthreadIdOffset, int osThreadStateOffset,
            int javaThreadBytes, int monitorWait, int condvarWait, int objectWait) {
        this(osThreadOffset, osThreadIdOffset, pthreadIdOffset, osThreadStateOffset, javaThreadBytes, monitorWait,
                condvarWait, objectWait, null);
    }

    public HotSpotLayout {
        within(osThreadOffset, "osThreadOffset", 1 << 16);
        within(osThreadIdOffset, "osThreadIdOffset", 4096);
        within(pthreadIdOffset, "pthreadIdOffset", 4096);
        within(osThreadStateOffset, "osThreadStateOffset", 4096);
        within(javaThreadBytes, "javaThreadBytes", 1 << 16);
    }

    private static void within(int value, String name, int limit) {
        if (value < 0 || value >= limit) {
            throw new IllegalArgumentException(name + " must be 0.." + (limit - 1) + ", " + name + '=' + value);
        }
    }

    /** That of the running JVM; a layout is complete or is not found. */
    static Finding<HotSpotLayout> read(OwnMemory memory, LibJvm jvm) {
        try {
            VmStructs structs = new VmStructs(memory, jvm);
            Map<String, Integer> offsets = structs.fieldOffsets(TYPES);
            Map<String, Integer> sizes = structs.typeBytes(Set.of("JavaThread"));
            Map<String, Integer> states = structs.constants(Set.of("MONITOR_WAIT", "CONDVAR_WAIT", "OBJECT_WAIT"));
            // a field of JavaThread in JDK 17, of its superclass Thread in JDK 25
            Integer osThread = offsets.getOrDefault("JavaThread::_osthread", offsets.get("Thread::_osthread"));
            return Finding.found(new HotSpotLayout(
                    known(osThread, "Thread::_osthread"),
                    known(offsets.get("OSThread::_thread_id"), "OSThread::_thread_id"),
                    known(offsets.get("OSThread::_pthread_id"), "OSThread::_pthread_id"),
                    known(offsets.get("OSThread::_state"), "OSThread::_state"),
                    known(sizes.get("JavaThread"), "sizeof(JavaThread)"),
                    known(states.get("MONITOR_WAIT"), "MONITOR_WAIT"),
                    known(states.get("CONDVAR_WAIT"), "CONDVAR_WAIT"),
                    known(states.get("OBJECT_WAIT"), "OBJECT_WAIT"),
                    allocation(offsets)));
        } catch (UnreadableException | RuntimeException e) {
            return Finding.missing("HotSpot's structures cannot be read: " + e.getMessage());
        }
    }

    private static OwnAllocation.Offsets allocation(Map<String, Integer> offsets) {
        Integer allocated = offsets.get("Thread::_allocated_bytes");
        Integer buffer = offsets.get("Thread::_tlab");
        Integer start = offsets.get("ThreadLocalAllocBuffer::_start");
        Integer top = offsets.get("ThreadLocalAllocBuffer::_top");
        boolean isKnown = allocated != null && buffer != null && start != null && top != null;
        return isKnown ? new OwnAllocation.Offsets(allocated, buffer + start, buffer + top) : null;
    }

    private static int known(Integer value, String name) {
        if (value == null) {
            throw new IllegalStateException(name + " is not among them");
        }
        return value;
    }
}
