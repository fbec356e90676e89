package io.bpfagent.agent;

import io.bpfagent.contexts.HookKeeper;
import io.bpfagent.control.ControlServer;
import io.bpfagent.control.ControlVerbs;
import io.bpfagent.control.HandOverControl;
import io.bpfagent.control.OwnStatus;
import io.bpfagent.control.ProbeChange;
import io.bpfagent.control.ProbeControl;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.slow.SlowLimits;
import io.bpfagent.export.ExportException;
import io.bpfagent.export.Exports;
import io.bpfagent.kernel.KernelException;
import io.bpfagent.natives.NativeTierException;
import io.bpfagent.report.AgentView;
import io.bpfagent.report.Cost;
import io.bpfagent.report.FailedProbe;
import io.bpfagent.report.JmxStart;
import io.bpfagent.report.Probe;
import io.bpfagent.report.SnapshotReport;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

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
     * The same while pauses come so fast that the room for them would not last, or there is something slow: a wait of
     * 50 ms and more is then looked at twice before it is over.
     */
    private static final long BUSY_LOOK_NS = 20_000_000L;
    /** Between two tries to open a control channel: what kept it closed (no descriptor, no memory) may last. */
    private static final long CONTROL_PAUSE_NS = 2_000_000_000L;
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
    private final HandOverDoor handOverDoor = new HandOverDoor(detachLock);
    private boolean detachRequested;

    private volatile Arguments arguments;
    private volatile AgentState state = AgentState.STARTING;
    private volatile String error;
    private volatile List<Metric> metrics = KeptMetrics.ALL.metrics();
    private volatile List<Probe> kernelProbes = List.of();
    private volatile long kernelMemoryBytes;
    private volatile Snapshot latest;
    private volatile Interval interval;
    private volatile SnapshotReport jmx;
    private volatile Exports exports;
    private volatile ControlServer control;
    private volatile CostKeeper costs;
    /** Null while there are no contexts. */
    private volatile HookKeeper hooks;
    private ExitHook exitHook;
    /** When it was last tried to open the control channel; only the agent's own thread does. */
    private long controlTriedNs;
    private boolean controlTold;
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
            if (!hook.isEnding()) {
                live();
            }
            if (state == AgentState.FAILED) {
                openControl();
                waitForDetach(); // who could not be reached would be there for good, and in the way of the next agent
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
            ContextArguments.check(read.contexts(), Runtime.version().feature());
            metrics = List.copyOf(ContextArguments.metrics(read));
            log.level(read.log());
            DescriptorRoom.now().check();
            String missing = opening.missingPrivileges();
            if (missing == null) {
                runSession(opening.open(read, instrumentation), read);
            } else {
                waitForPrograms(read, missing);
            }
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

    /** Until programs have been handed over and the agent has run with them to its end, or it is to go before. */
    private void waitForPrograms(Arguments arguments, String missing) throws KernelException {
        String line = new KernelException("Waiting for privileges", ": " + missing
                + ". Complete it with: sudo attach-cli "
                + pid + " (in a container: from outside, by its PID there).").getMessage();
        error = line;
        state = AgentState.WAITING;
        // attach-cli, which has brought the jar, completes it at once or says so itself.
        log.print(arguments.jar().isPresent() ? LogLevel.INFO : LogLevel.ERROR, line);
        try {
            handOverDoor.open();
            openControl();
            while (!exitHook.isEnding() && !detachWithin(isReachable() ? Long.MAX_VALUE : CONTROL_PAUSE_NS)) {
                keepControl();
                Session session = isKnockedAt() ? take(arguments, line) : null;
                if (session != null) {
                    runSession(session, arguments);
                    return;
                }
            }
        } finally {
            // After an internal error too: nobody listens any more.
            handOverDoor.close();
        }
    }

    /** With the programs of who has knocked. Null when they were no good, which is told; the next ones may be. */
    private Session take(Arguments arguments, String line) {
        try {
            return opening.take(arguments, instrumentation, handOverDoor);
        } catch (KernelException | NativeTierException e) {
            handOverDoor.fail(e.getMessage());
            error = line + " The last try: " + e.getMessage();
            log.print(LogLevel.INFO, e.getMessage());
            return null;
        }
    }

    private boolean isKnockedAt() {
        synchronized (detachLock) {
            return handOverDoor.isAsked();
        }
    }

    /**
     * When it returns or throws, nothing of ours is left in the kernel, and the status says nothing else.
     *
     * @param opened closed here
     */
    private void runSession(Session opened, Arguments arguments) throws KernelException {
        try (Session session = opened) {
            handOverDoor.close();
            error = null;
            exitHook.ends(session);
            if (exitHook.isEnding()) {
                return; // nobody could ask it for anything, for as long as the host's own hooks take
            }
            kernelMemoryBytes = session.kernelMemoryBytes();
            costs = new CostKeeper(session, arguments.maxCost(), log);
            publish(session);
            addProbes(session, arguments);
            if (!arguments.counters().isEmpty()) {
                complainAboutCounters();
            }
            // Who asks from now on may wait a little: the beans come first.
            probeErrands.open();
            state = AgentState.ON;
            log.print(LogLevel.INFO, "on, " + (System.nanoTime() - startNs) / 1_000_000 + " ms after it began");
            openControl();
            countControl();
            try {
                beginHooks(arguments);
                readUntilDetach(session, arguments);
            } finally {
                endHooks();
            }
        } finally {
            closeCosts();
            exitHook.ends(null);
            kernelMemoryBytes = 0;
            kernelProbes = List.of();
        }
    }

    private void beginHooks(Arguments arguments) {
        if (arguments.contexts().on()) {
            HookKeeper keeper = HookKeeper.of(instrumentation, arguments.tmpdir().toString(), new Complaints(log));
            keeper.want(arguments.contexts());
            hooks = keeper;
        }
    }

    private record Complaints(Log log) implements Consumer<String> {
        @Override
        public void accept(String line) {
            log.print(LogLevel.ERROR, line);
        }
    }

    /** While what they call is still there. */
    private void endHooks() {
        HookKeeper keeper = hooks;
        if (keeper != null) {
            keeper.close();
            hooks = null;
        }
    }

    private void closeCosts() {
        CostKeeper keeper = costs;
        costs = null;
        if (keeper != null) {
            keeper.close();
        }
    }

    /** Those that were given as an argument. One that cannot be had keeps nothing else from working. */
    private void addProbes(Session session, Arguments arguments) {
        if (arguments.probe().isEmpty()) {
            return;
        }
        List<FailedProbe> failed = new ArrayList<>();
        for (String given : arguments.probe().get().split(";")) {
            String text = given.strip();
            int colon = text.indexOf(':');
            String name = colon < 0 ? text : text.substring(0, colon).strip();
            String spec = colon < 0 ? "" : text.substring(colon + 1);
            String problem = text.isEmpty() ? null : ProbeErrands.add(session, name, spec);
            if (problem != null) {
                failed.add(new FailedProbe(name, spec, problem));
                log.print(LogLevel.ERROR, problem);
            }
        }
        probeErrands.fail(failed);
        takeOverProbes(session);
        publish(session);
    }

    /** Says once which of the counters that were asked for do not count. */
    private void complainAboutCounters() {
        for (String line : CounterArgument.complaints(kernelProbes)) {
            log.print(LogLevel.ERROR, line);
        }
    }

    /** After there have come or gone some. */
    private void takeOverProbes(Session session) {
        kernelProbes = session.probes();
        List<Metric> all = ContextArguments.metrics(arguments);
        all.addAll(session.userMetrics());
        metrics = List.copyOf(all);
        kernelMemoryBytes = session.kernelMemoryBytes();
    }

    private void readUntilDetach(Session session, Arguments arguments) throws KernelException {
        Snapshot begin = latest;
        long intervalNs = arguments.interval().toNanos();
        // From the first snapshot on: the beans can take a second on a busy machine.
        long nextNs = System.nanoTime() + intervalNs;
        long lookNs = LOOK_NS;
        try (SnapshotReport beans = JmxStart.of(this, arguments.jmx());
                Exports to = new Exports(this, arguments.tmpdir().toString(), new Complaints(log))) {
            jmx = beans;
            exports = to;
            to.open(arguments.exports());
            costs.alsoCounts(to);
            while (!detachWithin(Math.min(lookNs, nextNs - System.nanoTime()))) {
                leaveWhereForbidden();
                keepControl();
                if (hooks != null) {
                    hooks.look();
                }
                boolean pausesWait = session.look();
                lookNs = session.isBusy() || session.isCrowded() ? BUSY_LOOK_NS
                        : session.lookInNs(LOOK_NS, BUSY_LOOK_NS);
                long nowNs = System.nanoTime();
                boolean over = nowNs - nextNs >= 0;
                boolean pausesDue = pausesWait
                        && PausePace.isDue(session.isCrowded(), nowNs - publishedNs, nextNs - nowNs);
                boolean probesChanged = probeErrands.run(session);
                if (probesChanged) {
                    takeOverProbes(session);
                    long askedNs = this.arguments.interval().toNanos();
                    nextNs += askedNs - intervalNs;
                    intervalNs = askedNs;
                }
                boolean billDue = costs.isDue(nowNs, nowNs - publishedNs);
                if (over || pausesDue || probesChanged || billDue || session.runningLow()) {
                    Snapshot now = publish(session);
                    if (costs.take(now)) {
                        takeOverProbes(session);
                    }
                    if (over) {
                        interval = new Interval(begin, now);
                        begin = now;
                        // From now: an interval is never shorter than asked for, however late this one was.
                        nextNs = System.nanoTime() + intervalNs;
                    }
                    if (beans != null) {
                        beans.update(now);
                    }
                    to.update(now);
                }
                if (probesChanged) {
                    probeErrands.answer();
                }
                if (beans != null) {
                    beans.look();
                }
                to.look();
            }
        } finally {
            probeErrands.close();
            jmx = null;
            exports = null;
        }
    }

    /** An agent that nobody can reach any more, nor take out, goes by itself. */
    private void leaveWhereForbidden() {
        ControlServer server = control;
        String forbidden = server == null ? null : server.forbidden();
        if (forbidden != null) {
            log.print(LogLevel.ERROR, "Stopped by a security manager (" + forbidden + "). The application runs on"
                    + " without the agent; to have both, grant AllPermission to the agent's jar. See"
                    + " TROUBLESHOOTING.md, \"Stopped by a security manager\".");
            requestDetach();
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
        latest = null;
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
        if (isReachable() || !exitHook.mayOpen()) {
            return;
        }
        controlTriedNs = System.nanoTime();
        closeControl(); // of one that has failed
        ControlServer server = null;
        try {
            DescriptorRoom room = DescriptorRoom.now();
            if (room.free() < DescriptorRoom.NEEDED_FOR_CONTROL) {
                throw ControlServer.notOpened(room.free() + " file descriptors are free where "
                        + DescriptorRoom.NEEDED_FOR_CONTROL + " are needed", ControlServer.BASE, pid);
            }
            server = ControlServer.open(ControlServer.BASE, pid,
                    new ControlVerbs(this, probeErrands, handOverDoor), new WakeUp());
            control = server;
        } catch (IOException e) {
            log.print(controlTold ? LogLevel.DEBUG : LogLevel.ERROR, e.getMessage());
            controlTold = true;
        } finally {
            exitHook.closes(server);
        }
    }

    /** For an agent that sleeps until it is asked, when nobody can ask any more. */
    private final class WakeUp implements Runnable {
        @Override
        public void run() {
            synchronized (detachLock) {
                detachLock.notifyAll();
            }
        }
    }

    private boolean isReachable() {
        ControlServer server = control;
        return server != null && !server.hasFailed();
    }

    /** Opens the channel again that could not be opened, or for which the host had no memory any more. */
    private void keepControl() {
        if (!isReachable() && System.nanoTime() - controlTriedNs >= CONTROL_PAUSE_NS) {
            openControl();
            countControl();
        }
    }

    private void countControl() {
        ControlServer server = control;
        CostKeeper keeper = costs;
        if (server != null && keeper != null) {
            keeper.alsoCounts(server.thread());
        }
    }

    private void closeControl() {
        ControlServer server = control;
        if (server != null) {
            server.close();
        }
    }

    /** As long as somebody can still ask. Nothing else wakes it: an agent that has failed is to cost nothing. */
    private void waitForDetach() {
        synchronized (detachLock) {
            while (!detachRequested && isReachable()) {
                try {
                    detachLock.wait();
                } catch (InterruptedException e) {
                    // Nobody of ours interrupts; a host that interrupts all threads must not end us.
                    continue;
                }
            }
        }
    }

    /** Whether the request to go is there, or comes within this time. */
    private boolean detachWithin(long waitNs) {
        synchronized (detachLock) {
            if (!detachRequested && !probeErrands.isWaiting() && !handOverDoor.isAsked() && waitNs > 0) {
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
            // A hand-over that is under way would take a minute to find out that its other end does nothing.
            handOverDoor.close();
            detachLock.notifyAll();
        }
    }

    @Override
    public Cost cost() {
        CostKeeper keeper = costs;
        return keeper == null ? null : keeper.cost();
    }

    @Override
    public ProbeChange set(String text) {
        return probeErrands.change(new Setting(text));
    }

    /** What a user wants changed, on the agent's own thread. */
    private final class Setting implements ProbeErrands.Change {
        private final String text;

        Setting(String text) {
            this.text = text;
        }

        @Override
        public String apply(Session session) {
            try {
                Arguments now = arguments;
                LiveChange change = LiveChange.of(now, text);
                ContextArguments.check(change.arguments().contexts(), Runtime.version().feature());
                change(session, now, change);
                arguments = change.arguments();
                log.level(change.arguments().log());
                costs.allow(change.arguments().maxCost());
                if (hooks != null && !now.contexts().equals(change.arguments().contexts())) {
                    hooks.want(change.arguments().contexts());
                }
                return null;
            } catch (ArgumentException e) {
                return "Bad argument: " + e.getMessage() + ". See TROUBLESHOOTING.md, \"Bad argument\".";
            } catch (KernelException | ExportException e) {
                return e.getMessage();
            } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
                return "Cannot change probes: an internal error, " + e + ". Please report it.";
            }
        }
    }

    /** In the kernel, and where snapshots go: both or none. */
    private void change(Session session, Arguments now, LiveChange change)
            throws ArgumentException, KernelException, ExportException {
        Exports to = exports;
        to.change(now.exports(), change.arguments().exports());
        boolean done = false;
        try {
            LiveChanger.apply(session, now, change);
            done = true;
        } finally {
            if (!done) {
                to.change(change.arguments().exports(), now.exports());
            }
        }
    }

    /** What runs at the host's end. */
    Runnable exitHook() {
        return exitHook;
    }

    /** How the user's probes are changed. */
    ProbeControl probeControl() {
        return probeErrands;
    }

    /** Where programs come in. */
    HandOverControl handOverControl() {
        return handOverDoor;
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
    public String jar() {
        Arguments read = arguments;
        return read == null ? null : read.jar().orElse(null);
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
    public SlowLimits slowLimits() {
        Arguments read = arguments;
        return read == null ? SlowLimits.OFF : read.slowLimits();
    }

    @Override
    public List<Probe> probes() {
        List<Probe> probes = new ArrayList<>(kernelProbes);
        for (FailedProbe probe : probeErrands.failed()) {
            probes.add(new Probe(probe.name(), Probe.FAILED, probe.reason(), 0, 0));
        }
        HookKeeper keeper = hooks;
        if (keeper != null) {
            probes.addAll(keeper.probes());
        }
        SnapshotReport beans = jmx;
        if (beans != null) {
            probes.add(beans.probe());
        }
        Exports to = exports;
        if (to != null) {
            probes.addAll(to.probes());
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
