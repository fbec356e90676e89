package io.bpfagent.truth;

import io.bpfagent.hotspot.HotSpots;
import io.bpfagent.hotspot.WaitClues;

/** What a task's own memory has of it: its thread pointer's, and HotSpot's structures where the JVM knows it. */
final class HotSpotThread {
    /** Values of OSThread::_state. */
    static final int RUNNABLE = 1;
    static final int MONITOR_WAIT = HotSpots.LAYOUT.monitorWait();
    static final int CONDVAR_WAIT = HotSpots.LAYOUT.condvarWait();
    static final int OBJECT_WAIT = HotSpots.LAYOUT.objectWait();

    /** What a futex may belong to. */
    static final int PARKER = 0;
    static final int SLEEP_EVENT = 1;
    static final int WAIT_BARRIER = 2;
    static final int ELSEWHERE = 3;

    /** Where what stands in the task's memory. */
    private static final int TCB = 0;
    private static final int DTV = 0x40;
    private static final int TLS_BLOCK = 0x100;
    private static final int JAVA_THREAD = 0x400;
    private static final int OS_THREAD = 0xa00;
    private static final int EVENT = 0xc00;
    private static final int TEXTS = 0xd00;
    private static final int TEXT_BYTES = 0x60;
    private static final int FRAME = 0xfc0;
    private static final long NOBODYS_FUTEX = 0x7fff_0000_1000L;

    private final PlayedKernel kernel;
    private final long address;
    private boolean known;

    HotSpotThread(PlayedKernel kernel, int task) {
        this.kernel = kernel;
        this.address = kernel.userAddress(task);
        // struct tcbhead_t of glibc, and its dtv, whose entries have 16 bytes; the one before them has their number
        putLong(TCB + 8, address + DTV);
        putLong(DTV - 16, HotSpots.TLS.module());
        putLong(DTV + 16 * HotSpots.TLS.module(), address + TLS_BLOCK);
        putLong(JAVA_THREAD + HotSpots.LAYOUT.osThreadOffset(), address + OS_THREAD);
        putLong(JAVA_THREAD + HotSpots.WAITS.sleepEventOffset(), address + EVENT);
        attach(false);
        kernel.say("pointer " + task + " " + (address + TCB));
    }

    private void putLong(int at, long value) {
        kernel.say("poke " + (address + at) + " 8 " + value);
    }

    /** The JVM has made it, or it has attached; or it has left the JVM. */
    void attach(boolean toJvm) {
        known = toJvm;
        putLong(TLS_BLOCK + HotSpots.TLS.offset(), toJvm ? address + JAVA_THREAD : 0);
    }

    boolean isKnown() {
        return known;
    }

    /** It is about to wait. @return the futex's address */
    long waits(int state, int of) {
        if (!known) {
            return NOBODYS_FUTEX;
        }
        kernel.say("poke " + (address + OS_THREAD + HotSpots.LAYOUT.osThreadStateOffset()) + " 4 " + state);
        return switch (of) {
            case PARKER -> address + JAVA_THREAD + HotSpots.WAITS.parkerOffset() + WaitClues.PARKER_BYTES - 4;
            case SLEEP_EVENT -> address + EVENT + WaitClues.EVENT_BYTES - 4;
            case WAIT_BARRIER -> HotSpots.WAIT_BARRIER + 4;
            default -> NOBODYS_FUTEX;
        };
    }

    /** A text of its own, one of six. @return its address */
    long text(int which, String text) {
        long at = address + TEXTS + which * TEXT_BYTES;
        kernel.say("text " + at + " " + text);
        return at;
    }

    /** Puts a value where a frame pointer, which is given, and the distance from it lead. */
    long frame(long distance, long value) {
        putLong((int) (FRAME + distance), value);
        return address + FRAME;
    }
}
