package io.bpfagent.export.jfr;

import java.lang.reflect.Field;
import jdk.jfr.Event;

/**
 * Gives events of one class a begin and a duration that lie in the past, so that they stand in a recording where they
 * happened, and a recording's threshold counts for them.
 *
 * <p>JFR's interface knows only {@code begin()} and {@code end()}, which take the time that it is. What they write are
 * two fields that JFR itself adds to an event class when it loads it, {@code startTime} and {@code duration}, in ticks
 * of its clock: the same on 17 to 25. They are fields of our own class, so that no access has to be widened. Where they
 * are missing an event has the time at which it was committed, and its own fields say when it was.
 *
 * <p>One thread at a time.
 */
final class EventTimes {
    /** From here on the clocks' rates are known to one in 10,000. */
    private static final long LEAST_BASE_NS = 2_000_000;
    private static final int TRIES = 3;

    /** Null where JFR has added no such fields. */
    private final Field startTime;
    private final Field duration;
    private long firstNs;
    private long firstTicks;
    private long nowNs;
    private long nowTicks;

    private EventTimes(Field startTime, Field duration) {
        this.startTime = startTime;
        this.duration = duration;
    }

    static EventTimes of(Class<? extends Event> type) {
        try {
            Field startTime = type.getDeclaredField("startTime");
            Field duration = type.getDeclaredField("duration");
            startTime.setAccessible(true);
            duration.setAccessible(true);
            return startTime.getType() == long.class && duration.getType() == long.class
                    ? new EventTimes(startTime, duration) : new EventTimes(null, null);
        } catch (NoSuchFieldException | RuntimeException e) { // a JFR that keeps them elsewhere
            return new EventTimes(null, null);
        }
    }

    /**
     * Reads both clocks: before any number of calls of {@link #set}, while a recording wants the event.
     *
     * @param event of the class, never committed
     */
    void read(Event event) {
        if (startTime == null) {
            return;
        }
        readOnce(event);
        if (firstTicks == 0) {
            firstTicks = nowTicks;
            firstNs = nowNs;
        }
        if (nowNs - firstNs < LEAST_BASE_NS) {
            try {
                Thread.sleep(2 * LEAST_BASE_NS / 1_000_000);
            } catch (InterruptedException e) {
                // nobody of ours interrupts; the times are somewhat less exact then
                nowNs = System.nanoTime();
            }
            readOnce(event);
        }
    }

    /** The one of some readings between which least time passed. */
    private void readOnce(Event event) {
        long leastNs = Long.MAX_VALUE;
        for (int i = 0; i < TRIES; i++) {
            long beforeNs = System.nanoTime();
            event.begin();
            long afterNs = System.nanoTime();
            if (afterNs - beforeNs < leastNs) {
                leastNs = afterNs - beforeNs;
                nowNs = beforeNs + leastNs / 2;
                nowTicks = ticks(event);
            }
        }
    }

    private long ticks(Event event) {
        try {
            return startTime.getLong(event);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e); // was made accessible
        }
    }

    /**
     * Sets when the event was.
     *
     * @param endNs  its end on the clock of {@code System.nanoTime}
     * @param tookNs how long it took
     */
    void set(Event event, long endNs, long tookNs) {
        if (startTime == null || nowTicks == 0) {
            return;
        }
        long baseNs = nowNs - firstNs;
        double ticksPerNs = baseNs <= 0 ? 1 : (double) (nowTicks - firstTicks) / baseNs;
        // At least one tick: with none JFR would take the time until the commit.
        long took = Math.max(1, Math.round(tookNs * ticksPerNs));
        long begin = nowTicks - Math.round((nowNs - endNs) * ticksPerNs) - took;
        try {
            // What was under way when the JVM began: 0 would be taken for none.
            startTime.setLong(event, Math.max(1, begin));
            duration.setLong(event, took);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e); // was made accessible
        }
    }
}
