package io.bpfagent.hotspot;

/**
 * How HotSpot's waits are told apart by the futex they wait for (measured on 17 and 25, glibc).
 *
 * <p>{@code cmd} is the futex operation without its flags, {@code op & 127}:
 *
 * <ul>
 *   <li>safepoint: FUTEX_WAIT, called through libc's function {@code syscall}, which HotSpot does
 *       nowhere else; the address is the same for the JVM's life. OSThread::_state may be anything.
 *   <li>park: FUTEX_WAIT_BITSET within {@code parkerOffset .. + PARKER_BYTES} of the JavaThread.
 *   <li>sleep: FUTEX_WAIT_BITSET within {@code EVENT_BYTES} from where JavaThread's word at
 *       {@code sleepEventOffset} points to.
 *   <li>monitor and Object.wait: likewise with {@code monitorEventOffset}; OSThread::_state says which.
 *   <li>HotSpot's own locks: everything else.
 * </ul>
 *
 * @param parkerOffset       in JavaThread, -1 when not learnt
 * @param sleepEventOffset   in JavaThread: pointer to the ParkEvent it sleeps on, -1 when not learnt
 * @param monitorEventOffset in JavaThread: pointer to the ParkEvent of monitors, -1 when not learnt
 * @param syscallBegin       first address of libc's function {@code syscall}, 0 when not found
 * @param syscallEnd         first address behind it
 */
public record WaitClues(int parkerOffset, int sleepEventOffset, int monitorEventOffset,
        long syscallBegin, long syscallEnd) {
    /** From the first condition variable's futex word to behind the second's (glibc: 48 bytes apart). */
    public static final int PARKER_BYTES = 56;
    /** HotSpot aligns ParkEvents to this. */
    public static final int EVENT_BYTES = 256;

    static final WaitClues NONE = new WaitClues(-1, -1, -1, 0, 0);

    /** Whether all three offsets were learnt. */
    public boolean complete() {
        return parkerOffset >= 0 && sleepEventOffset >= 0 && monitorEventOffset >= 0;
    }
}
