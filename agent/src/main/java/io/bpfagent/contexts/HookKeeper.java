package io.bpfagent.contexts;

import io.bpfagent.hooks.ContextSettings;
import io.bpfagent.hooks.HookReport;
import io.bpfagent.hooks.Weaver;
import io.bpfagent.kernel.KernelException;
import io.bpfagent.report.Probe;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Has hooks woven into the host's classes, by a thread that is there only while there is something to weave: that takes
 * from some 100 ms to seconds, in which the agent's own thread has pauses to look at.
 *
 * <p>Assumptions: one thread, the agent's, calls; {@link #probes} any. Guarantees: what goes wrong is a line and a
 * probe that has failed, never an exception; after {@link #close} the host's classes have their own bytes.
 */
public final class HookKeeper implements Runnable, Thread.UncaughtExceptionHandler {
    /**
     * A batch of classes takes the JVM a second at most; a class loader of the host that is stuck is not waited for.
     */
    private static final long MOST_WAIT_MS = 20_000;
    private static final String NAME = "hooks";

    private final WeaverSource source;
    private final Consumer<String> problems;
    private final long mostWaitMs;
    private final Object lock = new Object();
    /** Null: nothing else is wanted. Guarded by the lock, as the next two. */
    private ContextSettings wanted;
    private boolean failureSeen;
    /** Null: nothing is being done. */
    private Thread thread;
    /** Who closes has given up waiting: the thread that weaves restores when it ends. Guarded by the lock. */
    private boolean abandoned;
    private volatile Weaver weaver;
    private volatile String problem;
    /** Of the thread that weaves; then of who closes. */
    private boolean opened;
    private boolean closed;

    HookKeeper(WeaverSource source, Consumer<String> problems) {
        this(source, problems, MOST_WAIT_MS);
    }

    HookKeeper(WeaverSource source, Consumer<String> problems, long mostWaitMs) {
        this.source = source;
        this.problems = problems;
        this.mostWaitMs = mostWaitMs;
    }

    /**
     * Without any hook.
     *
     * @param tmpdir   where the hooks' classes are put
     * @param problems takes lines that the user is to see; any thread
     */
    public static HookKeeper of(Instrumentation instrumentation, String tmpdir, Consumer<String> problems) {
        return new HookKeeper(new HookTier(instrumentation, tmpdir), problems);
    }

    /** From now on these are wanted; returns at once. */
    public void want(ContextSettings settings) {
        synchronized (lock) {
            wanted = settings;
            begin();
        }
    }

    /** To be called several times a second: takes out what has failed too often. */
    public void look() {
        Weaver now = weaver;
        if (now != null && now.hasFailed()) {
            synchronized (lock) {
                failureSeen = true;
                begin();
            }
        }
    }

    /** With the lock held. */
    private void begin() {
        if (thread == null && !closed) {
            thread = new Thread(null, this, "bpf-agent-hooks", 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            thread.setUncaughtExceptionHandler(this);
            thread.start();
        }
    }

    /** What the thread does, until nothing is left to be done. */
    @Override
    public void run() {
        while (true) {
            ContextSettings next;
            synchronized (lock) {
                next = wanted;
                if (next == null && !failureSeen || closed) {
                    end();
                    break;
                }
                wanted = null;
                failureSeen = false;
            }
            weave(next);
        }
        restoreIfAbandoned();
    }

    /** With the lock held: whoever ends last restores, this thread or who closes. */
    private void end() {
        thread = null;
        lock.notifyAll();
    }

    private void restoreIfAbandoned() {
        boolean last;
        synchronized (lock) {
            last = abandoned;
            abandoned = false;
        }
        if (last) {
            restore();
        }
    }

    /** What comes here, {@link #run} has not foreseen. */
    @Override
    public void uncaughtException(Thread failed, Throwable e) {
        synchronized (lock) {
            end();
        }
        fail(new KernelException("Cannot weave hooks", ": " + e + ". All else works; please report it.").getMessage());
        restoreIfAbandoned();
    }

    private void weave(ContextSettings next) {
        try {
            Weaver now = weaver;
            if (now == null) {
                opened = true;
                now = source.open();
                weaver = now;
                problem = null;
            }
            if (next != null) {
                now.want(next);
            }
            for (HookReport gone : now.removeFailed()) {
                problems.accept(new KernelException("Hook taken out", " (" + gone.name() + "): it has failed "
                        + gone.failed() + " times" + (gone.problem() == null ? "" : ", " + gone.problem())
                        + ". The application runs on, and without its contexts; please report it.").getMessage());
            }
        } catch (KernelException e) {
            fail(e.getMessage());
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            fail(new KernelException("Cannot weave hooks", ": " + e + ". All else works; please report it.")
                    .getMessage());
        }
    }

    private void fail(String line) {
        problem = line;
        problems.accept(line);
    }

    /** Each hook, as an outcome. Any thread. */
    public List<Probe> probes() {
        List<Probe> probes = new ArrayList<>();
        String why = problem;
        if (why != null) {
            probes.add(new Probe(NAME, Probe.FAILED, why, 0, 0));
        }
        Weaver now = weaver;
        if (now != null) {
            for (HookReport report : now.reports()) {
                probes.add(probe(report));
            }
        }
        boolean busy;
        synchronized (lock) {
            busy = thread != null;
        }
        if (busy) {
            probes.add(new Probe(NAME, Probe.ATTACHED, "are being woven into the host's classes", 0, 0));
        }
        return probes;
    }

    private static Probe probe(HookReport report) {
        if (report.removed()) {
            return new Probe(report.name(), Probe.FAILED, "taken out after " + report.failed() + " failures"
                    + (report.problem() == null ? "" : ": " + report.problem()), 0, 0);
        }
        String where = report.classes() == 0 ? "no class of the host is meant so far"
                : report.classes() == 1 ? "in 1 class" : "in " + report.classes() + " classes";
        String why = report.problem() == null ? "" : "; " + (report.failed() == 0 ? "left out: "
                : report.failed() == 1 ? "1 failure: " : report.failed() + " failures: ") + report.problem();
        return new Probe(report.name(), Probe.ATTACHED, where + why, 0, 0);
    }

    /** Gives the host's classes their own bytes back. Twice is harmless. */
    public void close() {
        if (awaitThread()) {
            restore();
        } else {
            problems.accept(new KernelException("Cannot restore a class", ": weaving has not ended in "
                    + mostWaitMs / 1_000 + " s. Hooks stay in classes of the host and do nothing, until it has or the"
                    + " JVM ends.").getMessage());
        }
    }

    /** On the thread that ends last. */
    private void restore() {
        synchronized (lock) {
            if (!opened) {
                return;
            }
            opened = false;
        }
        Weaver last = weaver;
        weaver = null;
        try (WeaverSource closing = source) {
            List<String> names = last == null ? List.of() : last.close();
            if (!names.isEmpty()) {
                String more = names.size() == 1 ? "" : " and " + (names.size() - 1) + " more";
                problems.accept(new KernelException("Cannot restore a class", " (" + names.get(0) + more + "): the JVM"
                        + " refuses. Its hooks stay and do nothing, until the JVM ends.").getMessage());
            }
        } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
            problems.accept(new KernelException("Cannot restore a class", ": " + e
                    + ". Hooks may stay in classes of the"
                    + " host and do nothing, until the JVM ends.").getMessage());
        }
    }

    /** Whether it has come to an end; else it restores when it does. */
    private boolean awaitThread() {
        long endNs = System.nanoTime() + mostWaitMs * 1_000_000;
        synchronized (lock) {
            closed = true;
            while (thread != null) {
                long leftMs = (endNs - System.nanoTime()) / 1_000_000;
                if (leftMs <= 0) {
                    abandoned = true;
                    return false;
                }
                try {
                    lock.wait(leftMs);
                } catch (InterruptedException e) {
                    // Nobody of ours interrupts; a host that interrupts all threads must not hurry us.
                    continue;
                }
            }
            return true;
        }
    }
}
