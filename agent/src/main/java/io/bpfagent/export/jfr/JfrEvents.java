package io.bpfagent.export.jfr;

import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.SlowEvent;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.ThreadUsage;
import io.bpfagent.hotspot.JavaThreadFinder;
import java.time.Instant;
import java.util.List;
import jdk.jfr.FlightRecorder;

/**
 * The agent's JFR events, in a JVM that uses JFR. Made for recordings that want them and are as long as these ask for;
 * while there is none, a snapshot costs two comparisons.
 *
 * <p>The agent's own thread alone, but for {@link #made} and {@link #detail}.
 */
final class JfrEvents {
    private static final int NS_PER_MS = 1_000_000;

    /** Never committed: they tell whether a recording wants such events, and the time. */
    private final SlowEventType anySlow = new SlowEventType();
    private final PauseType anyPause = new PauseType();
    private final EventTimes slowTimes = EventTimes.of(SlowEventType.class);
    private final EventTimes pauseTimes = EventTimes.of(PauseType.class);
    private final JavaThreadFinder threads = JavaThreadFinder.open();
    private final PoolHook pools = new PoolHook();
    private long lastSlow;
    private long lastPause;
    private volatile long made;
    private volatile long missed;

    private JfrEvents(long lastSlow, long lastPause) {
        this.lastSlow = lastSlow;
        this.lastPause = lastPause;
    }

    /** @param lastSlow,lastPause the numbers of the last ones that belong in no recording */
    static JfrEvents register(long lastSlow, long lastPause) {
        JfrEvents events = new JfrEvents(lastSlow, lastPause);
        boolean done = false;
        try {
            FlightRecorder.register(SlowEventType.class);
            FlightRecorder.register(PauseType.class);
            FlightRecorder.register(PoolStatesType.class);
            FlightRecorder.addPeriodicEvent(PoolStatesType.class, events.pools);
            done = true;
        } finally {
            if (!done) {
                events.close();
            }
        }
        return events;
    }

    void update(Snapshot now) {
        pools.update(now);
        List<SlowEvent> slow = now.slow();
        if (!slow.isEmpty()) {
            long last = slow.get(slow.size() - 1).number();
            if (last > lastSlow && anySlow.isEnabled()) {
                tellSlow(slow, lastSlow);
            }
            lastSlow = last;
        }
        List<Pause> pauses = now.pauses();
        if (!pauses.isEmpty()) {
            long last = pauses.get(pauses.size() - 1).number();
            if (last > lastPause && anyPause.isEnabled()) {
                tellPauses(now, lastPause);
            }
            lastPause = last;
        }
        threads.forget();
    }

    private void tellSlow(List<SlowEvent> slow, long after) {
        slowTimes.read(anySlow);
        Instant now = Instant.now();
        long nowNs = System.nanoTime();
        long nowMs = now.toEpochMilli();
        long beyondMs = now.getNano() % NS_PER_MS;
        missed += Math.max(0, slow.get(0).number() - after - 1);
        for (SlowEvent one : slow) {
            if (one.number() > after) {
                SlowEventType event = new SlowEventType();
                slowTimes.set(event, nowNs - beyondMs - (nowMs - one.atMs()) * NS_PER_MS, one.durationNs());
                if (event.shouldCommit()) {
                    SlowMaker.fill(event, one);
                    event.thread = threads.byId(one.thread().javaId());
                    event.commit();
                    made++;
                }
            }
        }
    }

    private void tellPauses(Snapshot now, long after) {
        pauseTimes.read(anyPause);
        List<Pause> pauses = now.pauses();
        missed += Math.max(0, pauses.get(0).number() - after - 1);
        for (Pause one : pauses) {
            if (one.number() > after) {
                PauseType event = new PauseType();
                pauseTimes.set(event, one.beganNs() + one.totalNs(), one.totalNs());
                // What is shorter than any recording asks for is not taken apart.
                if (event.shouldCommit()) {
                    PauseMaker.fill(event, one);
                    event.thread = threads.byId(javaId(now, PauseMaker.latest(one)));
                    event.commit();
                    made++;
                }
            }
        }
    }

    /** 0 for what is no live Java thread. */
    private static long javaId(Snapshot now, int tid) {
        if (tid != 0) {
            for (ThreadUsage thread : now.threads()) {
                if (thread.tid() == tid) {
                    return thread.identity().javaId();
                }
            }
        }
        return 0;
    }

    /** How many events there have been in recordings. Any thread. */
    long made() {
        return made + pools.made();
    }

    /** One line for the status. Any thread. */
    String detail() {
        long lost = missed;
        return "io.bpfagent.SlowEvent, Pause and PoolStates, for recordings that want them"
                + (lost == 0 ? "" : "; " + lost + " came too fast for one snapshot and are missing there");
    }

    /** Takes all back; a recording keeps what it has. Never throws. */
    void close() {
        try {
            FlightRecorder.removePeriodicEvent(pools);
            pools.update(null);
            FlightRecorder.unregister(SlowEventType.class);
            FlightRecorder.unregister(PauseType.class);
            FlightRecorder.unregister(PoolStatesType.class);
        } catch (RuntimeException | LinkageError e) {
            // a JFR that is ending with its JVM; there is nothing left of which to take it back
            return;
        }
    }
}
