package io.bpfagent.agent;

import io.bpfagent.control.ProbeControl;
import io.bpfagent.find.ProbeException;
import io.bpfagent.find.ProbeSpec;
import io.bpfagent.kernel.KernelException;
import io.bpfagent.report.UserProbeReport;
import java.util.List;

/**
 * Hands what is to be done with the user's probes from the thread that was asked to the agent's own, which does it.
 *
 * <p>Assumptions: one thread does errands. Guarantees: an errand is done as a whole or not at all; who asks waits for
 * {@value #MOST_WAIT_S} seconds at most until it is begun, and as long again until it is done.
 */
final class ProbeErrands implements ProbeControl {
    /** Finding a function reads a library, a uprobe's link is let go in 50 ms, and the machine may be starved. */
    private static final long MOST_WAIT_S = 15;

    /** One thing to be done. Guarded by {@link #bell}. */
    private static final class Errand {
        private final String name;
        /** Null: remove it. */
        private final String spec;
        private boolean done;
        private String problem;

        Errand(String name, String spec) {
            this.name = name;
            this.spec = spec;
        }
    }

    private final Object bell;
    private Errand waiting;
    /** Done, and not yet answered. */
    private Errand current;
    private boolean open;
    private volatile List<UserProbeReport> reports = List.of();

    /** @param bell what the agent's thread waits on; its errands are announced there */
    ProbeErrands(Object bell) {
        this.bell = bell;
    }

    @Override
    public String add(String name, String spec) {
        return hand(new Errand(name, spec));
    }

    @Override
    public String remove(String name) {
        return hand(new Errand(name, null));
    }

    @Override
    public List<UserProbeReport> list() {
        return reports;
    }

    private String hand(Errand errand) {
        synchronized (bell) {
            if (!open || waiting != null) {
                return problem(open ? ": another change waits. Try again." : ": the agent is not on. Ask for status.");
            }
            waiting = errand;
            bell.notifyAll();
            waitFor(errand);
            if (waiting == errand) {
                waiting = null;
                return problem(": the agent has been busy for " + MOST_WAIT_S + " s. Try again.");
            }
            waitFor(errand);
            return errand.done ? errand.problem
                    : problem(" in " + MOST_WAIT_S + " s: it is still being done. List them after a while.");
        }
    }

    private static String problem(String why) {
        return new ProbeException("Cannot change probes", why).getMessage();
    }

    private void waitFor(Errand errand) {
        long endNs = System.nanoTime() + MOST_WAIT_S * 1_000_000_000L;
        long leftMs = MOST_WAIT_S * 1000;
        while (!errand.done && leftMs > 0) {
            try {
                bell.wait(leftMs);
            } catch (InterruptedException e) {
                // Nobody of ours interrupts, and the wait is bounded.
                leftMs = (endNs - System.nanoTime()) / 1_000_000;
                continue;
            }
            leftMs = (endNs - System.nanoTime()) / 1_000_000;
        }
    }

    /** Whether there is something to do. With {@link #bell} held. */
    boolean isWaiting() {
        return waiting != null;
    }

    /** From now on errands are taken. */
    void open() {
        synchronized (bell) {
            open = true;
        }
    }

    /**
     * Does what is to be done; whether there was something: then {@link #answer} is to be called when all can see
     * it. On the agent's thread, as those below.
     */
    boolean run(Session session) {
        Errand errand;
        synchronized (bell) {
            errand = waiting;
            waiting = null;
            current = errand;
        }
        if (errand == null) {
            return false;
        }
        String problem = errand.spec == null ? remove(session, errand.name) : add(session, errand.name, errand.spec);
        synchronized (bell) {
            errand.problem = problem;
        }
        return true;
    }

    /** Lets who waits go on. */
    void answer() {
        synchronized (bell) {
            current.done = true;
            current = null;
            bell.notifyAll();
        }
    }

    /** Adds a probe. @return null, or why nothing has changed */
    static String add(Session session, String name, String spec) {
        try {
            session.addProbe(ProbeSpec.parse(name, spec));
            return null;
        } catch (ProbeException | KernelException e) {
            return e.getMessage();
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            return problem(" (" + name + "): an internal error, " + e + ". Please report it.");
        }
    }

    private static String remove(Session session, String name) {
        try {
            session.removeProbe(name);
            return null;
        } catch (ProbeException | KernelException e) {
            return e.getMessage();
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            return problem(" (" + name + "): an internal error, " + e + ". Please report it.");
        }
    }

    /** After a snapshot. */
    void update(Session session) {
        reports = session.userProbes();
    }

    /** From now on errands are refused. */
    void close() {
        synchronized (bell) {
            open = false;
            end(waiting);
            end(current);
            waiting = null;
            current = null;
            bell.notifyAll();
        }
        reports = List.of();
    }

    private static void end(Errand errand) {
        if (errand != null) {
            errand.done = true;
            errand.problem = problem(": the agent ends, and its probes with it.");
        }
    }
}
