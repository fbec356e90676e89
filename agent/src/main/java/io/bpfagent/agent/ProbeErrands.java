package io.bpfagent.agent;

import io.bpfagent.control.ProbeChange;
import io.bpfagent.control.ProbeControl;
import io.bpfagent.find.ProbeException;
import io.bpfagent.find.ProbeSpec;
import io.bpfagent.kernel.KernelException;
import io.bpfagent.report.FailedProbe;
import io.bpfagent.report.UserProbeReport;
import java.util.ArrayList;
import java.util.List;

/**
 * Hands what is to be done with the user's probes from the thread that was asked to the agent's own, which does it.
 *
 * <p>Assumptions: one thread does errands. Guarantees: an errand is done as a whole or not at all, one after the other
 * in the order in which they came; who asks hears within {@value #MOST_WAIT_S} seconds that it will not be begun, or
 * within as long again how it ended; nobody waits in here.
 */
final class ProbeErrands implements ProbeControl {
    /** Finding a function reads a library, a uprobe's link is let go in 50 ms, and the machine may be starved. */
    private static final long MOST_WAIT_S = 15;
    /** As many as the control channel has clients. */
    private static final int MOST_WAITING = 16;

    /** One thing to be done. Guarded by {@link #bell}. */
    private final class Errand implements ProbeChange {
        private final String name;
        /** Null: remove it. */
        private final String spec;
        private long untilNs = System.nanoTime() + MOST_WAIT_S * 1_000_000_000L;
        /** Null: it is about a probe of the user's. */
        private final Change change;
        private boolean done;
        private String problem;

        Errand(String name, String spec) {
            this.name = name;
            this.spec = spec;
            this.change = null;
        }

        Errand(Change change) {
            this.name = null;
            this.spec = null;
            this.change = change;
        }

        @Override
        public boolean isDone() {
            synchronized (bell) {
                if (!done && System.nanoTime() - untilNs >= 0) {
                    end(waiting.remove(this) ? ": the agent has been busy for " + MOST_WAIT_S + " s. Try again."
                            : " in " + MOST_WAIT_S + " s: it is still being done. List them after a while.");
                }
                return done;
            }
        }

        @Override
        public String problem() {
            synchronized (bell) {
                return problem;
            }
        }

        private void end(String why) {
            done = true;
            problem = ProbeErrands.problem(why);
        }
    }

    /** Something else that is to be changed by the agent's own thread. */
    interface Change {
        /** Changes it. @return null, or one line that says why nothing has changed */
        String apply(Session session);
    }

    private final Object bell;
    /** The first is the next. Guarded by {@link #bell}, as those below. */
    private final List<Errand> waiting = new ArrayList<>(0);
    /** Done, and not yet answered. */
    private Errand current;
    private boolean open;
    private volatile List<UserProbeReport> reports = List.of();
    private volatile List<FailedProbe> failed = List.of();

    /** @param bell what the agent's thread waits on; its errands are announced there */
    ProbeErrands(Object bell) {
        this.bell = bell;
    }

    @Override
    public ProbeChange add(String name, String spec) {
        return hand(new Errand(name, spec));
    }

    @Override
    public ProbeChange remove(String name) {
        return hand(new Errand(name, null));
    }

    /** Has something else changed. */
    ProbeChange change(Change change) {
        return hand(new Errand(change));
    }

    @Override
    public List<UserProbeReport> list() {
        return reports;
    }

    @Override
    public List<FailedProbe> failed() {
        return failed;
    }

    /** Those that were given at the start and cannot be had. */
    void fail(List<FailedProbe> probes) {
        failed = List.copyOf(probes);
    }

    /** Whether one of that name had failed, which is over now. */
    private boolean forgetFailed(String name) {
        List<FailedProbe> left = new ArrayList<>(failed);
        boolean had = false;
        for (FailedProbe probe : failed) {
            had |= probe.name().equals(name) && left.remove(probe);
        }
        failed = List.copyOf(left);
        return had;
    }

    private ProbeChange hand(Errand errand) {
        synchronized (bell) {
            if (!open) {
                errand.end(": the agent is not on. Ask for status.");
            } else if (waiting.size() >= MOST_WAITING) {
                errand.end(": " + MOST_WAITING + " other changes wait. Try again.");
            } else {
                waiting.add(errand);
                bell.notifyAll();
            }
            return errand;
        }
    }

    private static String problem(String why) {
        return new ProbeException("Cannot change probes", why).getMessage();
    }

    /** Whether there is something to do. With {@link #bell} held. */
    boolean isWaiting() {
        return !waiting.isEmpty();
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
            if (waiting.isEmpty()) {
                return false;
            }
            errand = waiting.remove(0);
            errand.untilNs = System.nanoTime() + MOST_WAIT_S * 1_000_000_000L;
            current = errand;
        }
        String problem = errand.change != null ? errand.change.apply(session)
                : errand.spec == null ? remove(session, errand.name) : add(session, errand.name, errand.spec);
        boolean isProbe = errand.change == null;
        if (isProbe && (problem == null || errand.spec == null) && forgetFailed(errand.name)) {
            // There was nothing else of that name to be removed.
            problem = null;
        }
        synchronized (bell) {
            // Unless who asked has been told that it takes too long.
            errand.problem = errand.done ? errand.problem : problem;
        }
        return true;
    }

    /** Lets who waits go on. */
    void answer() {
        synchronized (bell) {
            current.done = true;
            current = null;
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
            for (Errand errand : waiting) {
                errand.end(": the agent ends, and its probes with it.");
            }
            waiting.clear();
            if (current != null && !current.done) {
                current.end(": the agent ends, and its probes with it.");
            }
            current = null;
        }
        reports = List.of();
        failed = List.of();
    }
}
