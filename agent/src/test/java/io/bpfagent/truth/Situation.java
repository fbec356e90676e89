package io.bpfagent.truth;

import io.bpfagent.correlation.ThreadState;

/** What a thread may be doing when it gives its CPU up, and what the agent is to say of that. */
enum Situation {
    PARK(Call.FUTEX, ThreadState.BLOCKED_PARK, ThreadState.BLOCKED_FUTEX),
    MONITOR(Call.FUTEX, ThreadState.BLOCKED_MONITOR, ThreadState.BLOCKED_FUTEX),
    WAIT(Call.FUTEX, ThreadState.BLOCKED_WAIT, ThreadState.BLOCKED_FUTEX),
    SLEEP(Call.FUTEX, ThreadState.BLOCKED_SLEEP, ThreadState.BLOCKED_FUTEX),
    SAFEPOINT(Call.FUTEX, ThreadState.BLOCKED_SAFEPOINT, ThreadState.BLOCKED_FUTEX),
    VM_MUTEX(Call.FUTEX, ThreadState.BLOCKED_VM, ThreadState.BLOCKED_FUTEX),
    VM_CONDITION(Call.FUTEX, ThreadState.BLOCKED_VM, ThreadState.BLOCKED_FUTEX),
    NANOSLEEP(Call.CLOCK_NANOSLEEP, ThreadState.BLOCKED_SLEEP),
    POLL(Call.EPOLL_PWAIT, ThreadState.BLOCKED_POLL),
    RECEIVE(Call.RECVFROM, ThreadState.BLOCKED_SOCKET),
    READ_SOCKET(Call.READ, ThreadState.BLOCKED_SOCKET),
    READ_FILE(Call.READ, ThreadState.BLOCKED_DISK),
    READ_PIPE(Call.READ, ThreadState.BLOCKED_OTHER),
    SYNC(Call.FSYNC, ThreadState.BLOCKED_DISK),
    /** Memory that is on a disk, on its way into a buffer that a pipe's content was to go to. */
    PIPE_BUT_IN_IOWAIT(Call.READ, ThreadState.BLOCKED_DISK),
    CHILD(Call.WAIT4, ThreadState.BLOCKED_PROCESS),
    STOPPED_BY_SIGNAL(Call.NONE, ThreadState.BLOCKED_PROCESS),
    FAULT(Call.NONE, ThreadState.BLOCKED_FAULT),
    RECLAIM(Call.NONE, ThreadState.BLOCKED_RECLAIM),
    IO_URING_WORKER(Call.NONE, ThreadState.BLOCKED_OTHER),
    IO_URING_WORKER_IN_IOWAIT(Call.NONE, ThreadState.BLOCKED_DISK),
    ANOTHER_CALL(Call.PRCTL, ThreadState.BLOCKED_OTHER),
    /** Beyond the table of calls. */
    NEW_CALL(Call.NEW, ThreadState.BLOCKED_OTHER);

    private static final Situation[] ALL = values();
    /** Where it is known which of a thread's words is the way to HotSpot's. */
    static final boolean KNOWS_HOTSPOT = !isArm();

    /** What a thread is in that wakes another. */
    static final int WAKING_CALL = Call.FUTEX.number();

    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAIT_BITSET = 9;
    private static final int FUTEX_PRIVATE = 128;
    private static final int MEMALLOC = 0x800;
    private static final int IO_WORKER = 0x10;
    private static final int INTERRUPTIBLE = 1;
    private static final int UNINTERRUPTIBLE = 2;
    private static final int STOPPED = 4;

    private final Call call;
    private final ThreadState ofJvm;
    private final ThreadState ofOthers;

    Situation(Call call, ThreadState state) {
        this(call, state, state);
    }

    /** @param ofOthers of a thread of which the JVM knows nothing */
    Situation(Call call, ThreadState ofJvm, ThreadState ofOthers) {
        this.call = call;
        this.ofJvm = ofJvm;
        this.ofOthers = ofOthers;
    }

    static Situation of(int number) {
        return ALL[Math.floorMod(number, ALL.length)];
    }

    private static boolean isArm() {
        return System.getProperty("os.arch").equals("aarch64");
    }

    /** What it is counted as. @param ofJvm whether the JVM knows the thread */
    ThreadState state(boolean ofJvm) {
        return ofJvm && KNOWS_HOTSPOT ? this.ofJvm : ofOthers;
    }

    /** As the scheduler has it: {@code TASK_INTERRUPTIBLE} and the like. */
    int taskState() {
        return switch (this) {
            case STOPPED_BY_SIGNAL -> STOPPED;
            case SYNC, READ_FILE, FAULT, RECLAIM, PIPE_BUT_IN_IOWAIT, IO_URING_WORKER_IN_IOWAIT -> UNINTERRUPTIBLE;
            default -> INTERRUPTIBLE;
        };
    }

    /** Puts the thread into it, for which it runs. */
    void enter(PlayedKernel kernel, int task, HotSpotThread thread) {
        long futex = 0;
        int operation = FUTEX_WAIT_BITSET;
        switch (this) {
            case PARK -> futex = thread.waits(HotSpotThread.CONDVAR_WAIT, HotSpotThread.PARKER);
            case SLEEP -> futex = thread.waits(HotSpotThread.CONDVAR_WAIT, HotSpotThread.SLEEP_EVENT);
            case MONITOR -> futex = thread.waits(HotSpotThread.MONITOR_WAIT, HotSpotThread.ELSEWHERE);
            case WAIT -> futex = thread.waits(HotSpotThread.OBJECT_WAIT, HotSpotThread.ELSEWHERE);
            case VM_CONDITION -> futex = thread.waits(HotSpotThread.CONDVAR_WAIT, HotSpotThread.ELSEWHERE);
            case VM_MUTEX -> {
                futex = thread.waits(HotSpotThread.RUNNABLE, HotSpotThread.ELSEWHERE);
                operation = FUTEX_WAIT;
            }
            case SAFEPOINT -> {
                futex = thread.waits(HotSpotThread.RUNNABLE, HotSpotThread.WAIT_BARRIER);
                operation = FUTEX_WAIT;
            }
            default -> operation = 0;
        }
        long first = switch (this) {
            case READ_FILE, SYNC -> 0;
            case READ_SOCKET, RECEIVE -> 1;
            case READ_PIPE, PIPE_BUT_IN_IOWAIT -> 3;
            default -> futex;
        };
        int flags = switch (this) {
            case RECLAIM -> MEMALLOC;
            case IO_URING_WORKER, IO_URING_WORKER_IN_IOWAIT -> IO_WORKER;
            default -> 0;
        };
        boolean inIowait = this == PIPE_BUT_IN_IOWAIT || this == IO_URING_WORKER_IN_IOWAIT;
        kernel.say("call " + task + " " + call.number() + " " + first + " " + (operation | FUTEX_PRIVATE) + " 0 0");
        kernel.say("flags " + task + " " + flags + " " + (inIowait ? 1 : 0));
    }

    /** System calls by their numbers on x86_64 and arm64; asm/unistd.h. */
    private enum Call {
        NONE(-1, -1),
        READ(0, 63),
        FSYNC(74, 82),
        FUTEX(202, 98),
        EPOLL_PWAIT(281, 22),
        RECVFROM(45, 207),
        CLOCK_NANOSLEEP(230, 115),
        WAIT4(61, 260),
        PRCTL(157, 167),
        NEW(600, 600);

        private final int x86;
        private final int arm;

        Call(int x86, int arm) {
            this.x86 = x86;
            this.arm = arm;
        }

        int number() {
            return isArm() ? arm : x86;
        }
    }
}
