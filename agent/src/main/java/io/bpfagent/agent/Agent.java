package io.bpfagent.agent;

import io.bpfagent.control.ControlServer;
import io.bpfagent.control.ControlVerbs;
import io.bpfagent.control.OwnStatus;
import io.bpfagent.control.ProbeControl;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.kernel.KernelException;
import io.bpfagent.natives.NativeTierException;
import io.bpfagent.report.AgentView;
import io.bpfagent.report.JmxStart;
import io.bpfagent.report.Probe;
import io.bpfagent.report.SnapshotReport;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.List;

/**
 * One agent, from start to detach.
 *
 * <p>Assumptions: {@link #run} is called once, on the daemon thread. Guarantees: nothing is thrown; the
 * host is never stopped; whatever goes wrong, the kernel side is closed before the state says
 * {@code failed} or {@code off}. A failed agent costs two sleeping threads and answers {@code status}
 * until it is detached.
 */
final class Agent implements AgentView {
    /**
     * Between two looks at the supply of rows and at the pauses: rows for 4,096 threads last for 32,000 starts
     * a second, and the 512 KiB of pause-buffer for 7,000 pauses a second with ten changes of state each.
     */
    private static final long LOOK_NS = 125_000_000L;
    /**
     * The same while pauses come so fast that the room for them would not last, or there is something slow: a wait of 50 ms
     * and more is then looked at twice before it is over.
     */
    private static final long BUSY_LOOK_NS = 20_000_000L;
    /** Of an error that leaves no memory to describe it. */
    private static final String NO_WORDS = "Stopped by an internal error. The application runs on without the agent."
            + " See TROUBLESHOOTING.md, \"Stopped by an internal error\".";

    private final long startNs = System.nanoTime();
    private final int pid = OwnStatus.pid();
    private final Log log = new Log();
    private final String argumentText;
    private final Instrumentation instrumentation;
    private final String version;
    private final Session.Opening opening;
    private final Object detachLock = new Object();
    private final ProbeErrands probeErrands = new ProbeErrands(detachLock);
    private boolean detachRequested;

    private volatile Arguments arguments;
    private volatile AgentState state = AgentState.STARTING;
    private volatile String error;
    private volatile List<Metric> metrics = KeptMetrics.ALL.metrics();
    private volatile List<Probe> kernelProbes = List.of();
    /** Those given at the start that cannot be had. */
    private volatile List<Probe> missingProbes = List.of();
    private volatile long kernelMemoryBytes;
    private volatile Snapshot latest;
    private volatile Interval interval;
    private volatile SnapshotReport jmx;
    private volatile ControlServer control;
    private ExitHook exitHook;
    /** When the latest snapshot was taken. */
    private long publishedNs;

    Agent(String argumentText, Instrumentation instrumentation, String version, Session.Opening opening) {
        this.argumentText = argumentText;
        this.instrumentation = instrumentation;
        this.version = version;
        this.opening = opening;
    }

    /** The whole life. Returns after the detach. */
    void run() {
        try (ExitHook hook = ExitHook.of(log)) {
            exitHook = hook;
            live();
            if (state == AgentState.FAILED) {
                openControl();
                waitForDetach();
            }
            state = AgentState.OFF;
            log.print(LogLevel.INFO, "detached");
        } finally {
            closeControl();
        }
    }

    /** From the arguments to the request to go, or to a failure. */
    private void live() {
        try {
            Arguments read = Arguments.read(argumentText);
            arguments = read;
            metrics = read.metrics().metrics();
            log.level(read.log());
            runSession(read);
        } catch (ArgumentException e) {
            fail("Bad argument: " + e.getMessage() + ". See TROUBLESHOOTING.md, \"Bad argument\".");
        } catch (KernelException | NativeTierException e) {
            fail(e.getMessage());
        } catch (RuntimeException | Error e) {
            // An error too: what is thrown into our thread, be it for want of memory, stays with us.
            error = NO_WORDS;
            state = AgentState.FAILED;
            describe(e);
        }
    }

    /** When it returns or throws, nothing of ours is left in the kernel, and the status says nothing else. */
    private void runSession(Arguments arguments) throws KernelException, NativeTierException {
        try (Session session = opening.open(arguments, instrumentation)) {
            exitHook.ends(session);
            kernelMemoryBytes = session.kernelMemoryBytes();
            publish(session);
            addProbes(session, arguments);
            // Who asks from now on may wait a little: the beans come first.
            probeErrands.open();
            state = AgentState.ON;
            log.print(LogLevel.INFO, "on, " + (System.nanoTime() - startNs) / 1_000_000 + " ms after it began");
            openControl();
            readUntilDetach(session, arguments);
        } finally {
            exitHook.ends(null);
            kernelMemoryBytes = 0;
            kernelProbes = List.of();
            missingProbes = List.of();
        }
    }

    /** Those that were given as an argument. One that cannot be had keeps nothing else from working. */
    private void addProbes(Session session, Arguments arguments) {
        if (arguments.probe().isEmpty()) {
            return;
        }
        List<Probe> missing = new ArrayList<>();
        for (String given : arguments.probe().get().split(";")) {
            String text = given.strip();
            int colon = text.indexOf(':');
            String name = colon < 0 ? text : text.substring(0, colon).strip();
            String problem = text.isEmpty() ? null
                    : ProbeErrands.add(session, name, colon < 0 ? "" : text.substring(colon + 1));
            if (problem != null) {
                missing.add(new Probe(name, Probe.FAILED, problem, 0, 0));
                log.print(LogLevel.ERROR, problem);
            }
        }
        missingProbes = List.copyOf(missing);
        takeOverProbes(session);
        publish(session);
    }

    /** After there have come or gone some. */
    private void takeOverProbes(Session session) {
        List<Metric> all = new ArrayList<>(arguments.metrics().metrics());
        all.addAll(session.userMetrics());
        metrics = List.copyOf(all);
        kernelMemoryBytes = session.kernelMemoryBytes();
    }

    private void readUntilDetach(Session session, Arguments arguments) {
        Snapshot begin = latest;
        long intervalNs = arguments.interval().toNanos();
        // From the first snapshot on: the beans can take a second on a busy machine.
        long nextNs = System.nanoTime() + intervalNs;
        long lookNs = LOOK_NS;
        try (SnapshotReport beans = JmxStart.of(this, arguments.jmx())) {
            jmx = beans;
            while (!detachWithin(Math.min(lookNs, nextNs - System.nanoTime()))) {
                boolean pausesWait = session.look();
                lookNs = session.isBusy() || session.isCrowded() || session.isTroubled() ? BUSY_LOOK_NS : LOOK_NS;
                long nowNs = System.nanoTime();
                boolean over = nowNs - nextNs >= 0;
                boolean pausesDue = pausesWait
                        && PausePace.isDue(session.isCrowded(), nowNs - publishedNs, nextNs - nowNs);
                boolean probesChanged = probeErrands.run(session);
                if (probesChanged) {
                    takeOverProbes(session);
                }
                if (over || pausesDue || probesChanged || session.runningLow()) {
                    Snapshot now = publish(session);
                    if (over) {
                        interval = new Interval(begin, now);
                        begin = now;
                        // From now: an interval is never shorter than asked for, however late this one was.
                        nextNs = System.nanoTime() + intervalNs;
                    }
                    if (beans != null) {
                        beans.update(now);
                    }
                }
                if (probesChanged) {
                    probeErrands.answer();
                }
                if (beans != null) {
                    beans.look();
                }
            }
        } finally {
            probeErrands.close();
            jmx = null;
        }
    }

    private Snapshot publish(Session session) {
        Snapshot now = session.read();
        kernelProbes = session.probes();
        probeErrands.update(session);
        latest = now;
        publishedNs = System.nanoTime();
        return now;
    }

    private void fail(String line) {
        error = line;
        state = AgentState.FAILED;
        log.print(LogLevel.ERROR, line);
    }

    private void describe(Throwable unexpected) {
        try {
            fail("Stopped by an internal error: " + unexpected + ". The application runs on without the agent; please"
                    + " report it. See TROUBLESHOOTING.md, \"Stopped by an internal error\".");
        } catch (RuntimeException | Error e) {
            log.print(LogLevel.ERROR, NO_WORDS);
        }
    }

    /** Once it is on or has failed and not before: the channel takes 100 ms in a JVM that has just begun. */
    private void openControl() {
        if (control != null) {
            return;
        }
        try {
            ControlServer server = ControlServer.open(ControlServer.BASE, pid, new ControlVerbs(this, probeErrands));
            control = server;
            exitHook.closes(server);
        } catch (IOException e) {
            log.print(LogLevel.ERROR, e.getMessage());
        }
    }

    private void closeControl() {
        ControlServer server = control;
        if (server != null) {
            server.close();
        }
    }

    private void waitForDetach() {
        boolean requested;
        do {
            requested = detachWithin(Long.MAX_VALUE);
        } while (!requested);
    }

    /** Whether the request to go is there, or comes within this time. */
    private boolean detachWithin(long waitNs) {
        synchronized (detachLock) {
            if (!detachRequested && !probeErrands.isWaiting() && waitNs > 0) {
                try {
                    detachLock.wait(Math.max(1, waitNs / 1_000_000));
                } catch (InterruptedException e) {
                    // Nobody of ours interrupts; a host that interrupts all threads must not end us.
                    return detachRequested;
                }
            }
            return detachRequested;
        }
    }

    @Override
    public void requestDetach() {
        synchronized (detachLock) {
            detachRequested = true;
            detachLock.notifyAll();
        }
    }

    /** How the user's probes are changed. */
    ProbeControl probeControl() {
        return probeErrands;
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public AgentState state() {
        return state;
    }

    @Override
    public String error() {
        return error;
    }

    @Override
    public int pid() {
        return pid;
    }

    @Override
    public long sinceNs() {
        return System.nanoTime() - startNs;
    }

    @Override
    public String arguments() {
        Arguments read = arguments;
        return read == null ? argumentText == null ? "" : argumentText : read.text();
    }

    @Override
    public List<Metric> metrics() {
        return metrics;
    }

    @Override
    public long pauseThresholdNs() {
        Arguments read = arguments;
        return (read == null ? Arguments.PAUSE_THRESHOLD : read.pauseThreshold()).toNanos();
    }

    @Override
    public List<Probe> probes() {
        List<Probe> probes = new ArrayList<>(kernelProbes);
        probes.addAll(missingProbes);
        SnapshotReport beans = jmx;
        if (beans != null) {
            probes.add(beans.probe());
        }
        ControlServer server = control;
        if (server != null) {
            probes.add(server.probe());
        }
        return probes;
    }

    @Override
    public long kernelMemoryBytes() {
        return kernelMemoryBytes;
    }

    @Override
    public Snapshot latest() {
        return latest;
    }

    @Override
    public Snapshot interval() {
        Interval last = interval;
        return last == null ? null : last.difference();
    }
}
