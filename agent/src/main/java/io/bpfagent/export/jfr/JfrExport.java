package io.bpfagent.export.jfr;

import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.SlowEvent;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.report.Probe;
import io.bpfagent.report.SnapshotReport;
import java.util.List;
import java.util.function.Consumer;
import jdk.jfr.FlightRecorder;

/**
 * Registers the agent's JFR events as soon as somebody in the JVM uses JFR, and takes them back when it is closed.
 *
 * <p>All on the agent's own thread, but for {@link #probe}. What fails is told once, and ends the export alone.
 */
public final class JfrExport implements SnapshotReport {
    private static final String NAME = "jfr";

    private final Consumer<String> complaints;
    private boolean waiting = true;
    private long lastSlow;
    private long lastPause;
    /** Null while nobody uses JFR, and for good where there can be no events. */
    private volatile JfrEvents events;
    private volatile Probe without = new Probe(NAME, Probe.ATTACHED, "Waits for somebody to use JFR", 0, 0);

    /**
     * @param now        what is known already, and belongs in no recording; may be null
     * @param complaints told, in a line, why there are no events where there should be
     */
    public JfrExport(Snapshot now, Consumer<String> complaints) {
        this.complaints = complaints;
        if (now != null) {
            skip(now);
        }
    }

    /** Once JFR is in use it stays so. */
    @Override
    public void look() {
        if (waiting && isInUse()) {
            waiting = false;
            try {
                events = JfrEvents.register(lastSlow, lastPause);
            } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
                giveUp(e);
            }
        }
    }

    /** The first call loads one class of the JDK's, in 0.4 ms; the others read a field of it. */
    private boolean isInUse() {
        try {
            return FlightRecorder.isInitialized();
        } catch (LinkageError | RuntimeException e) { // a runtime without jdk.jfr
            waiting = false;
            without = new Probe(NAME, Probe.UNSUPPORTED, "No JFR events: this JVM runs without the module jdk.jfr", 0,
                    0);
            return false;
        }
    }

    @Override
    public void update(Snapshot snapshot) {
        JfrEvents registered = events;
        if (registered == null) {
            skip(snapshot);
            return;
        }
        try {
            registered.update(snapshot);
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            close();
            giveUp(e);
        }
    }

    /** What was before JFR came into use belongs in no recording. */
    private void skip(Snapshot snapshot) {
        List<SlowEvent> slow = snapshot.slow();
        if (!slow.isEmpty()) {
            lastSlow = slow.get(slow.size() - 1).number();
        }
        List<Pause> pauses = snapshot.pauses();
        if (!pauses.isEmpty()) {
            lastPause = pauses.get(pauses.size() - 1).number();
        }
    }

    private void giveUp(Throwable e) {
        fail("Cannot make JFR events: " + e + ". All else works; set jfr=off and jfr=auto to try again. See"
                + " TROUBLESHOOTING.md, \"Cannot make JFR events\".");
    }

    private void fail(String line) {
        without = new Probe(NAME, Probe.FAILED, line, 0, 0);
        complaints.accept(line);
    }

    @Override
    public Probe probe() {
        JfrEvents registered = events;
        return registered == null ? without : new Probe(NAME, Probe.ATTACHED, registered.detail(), registered.made(),
                0);
    }

    @Override
    public void close() {
        waiting = false;
        JfrEvents registered = events;
        events = null;
        if (registered != null) {
            registered.close();
        }
    }
}
