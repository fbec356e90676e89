package io.bpfagent.agent;

import io.bpfagent.control.HandOverControl;

/**
 * Where somebody knocks who hands programs over: the control thread asks, the agent's own listens.
 *
 * <p>Assumptions: one thread opens and answers. Guarantees: who knocks is answered within 15 s; one at a time; nobody
 * waits here.
 */
final class HandOverDoor implements HandOverControl {
    private static final long MOST_WAIT_NS = 15_000_000_000L;

    private final Object bell;
    private boolean open;
    private boolean asked;
    /** Somebody has come in. */
    private boolean entered;
    private Knock knock = new Knock(null);

    /** @param bell what the agent's thread waits on */
    HandOverDoor(Object bell) {
        this.bell = bell;
    }

    @Override
    public Reply listen() {
        synchronized (bell) {
            if (asked && !entered && knock.given != null) {
                // Whoever it was told to before has not come, or will find somebody else's programs there.
                return knock;
            }
            if (!open || asked) {
                return new Knock(problem(asked ? "another one is under way. Try again"
                        : "the agent does not wait for any"));
            }
            asked = true;
            entered = false;
            knock = new Knock(null);
            bell.notifyAll();
            return knock;
        }
    }

    /** One request and what became of it. */
    private final class Knock implements Reply {
        private final long beganNs = System.nanoTime();
        private Answer given;

        Knock(Answer given) {
            this.given = given;
        }

        @Override
        public Answer answer() {
            synchronized (bell) {
                return given == null && System.nanoTime() - beganNs > MOST_WAIT_NS
                        ? problem("the agent has been busy for 15 s. Try again") : given;
            }
        }
    }

    private static Answer problem(String why) {
        return new Answer(null, "no programs can be handed over: " + why);
    }

    /** From now on somebody may come. */
    void open() {
        synchronized (bell) {
            open = true;
            asked = false;
        }
    }

    /** Whether somebody has knocked. With the bell held. */
    boolean isAsked() {
        return asked;
    }

    /** Tells where the agent listens. */
    void answer(String socket) {
        answer(new Answer(socket, null));
    }

    /** Somebody has come: nobody else is let in until that is done with. */
    void enter() {
        synchronized (bell) {
            entered = true;
        }
    }

    /** It could not listen, or what came was no good: somebody else may come. */
    void fail(String why) {
        answer(problem(why));
        open();
    }

    private void answer(Answer given) {
        synchronized (bell) {
            // Who has been told where to come is not told twice.
            knock.given = knock.given == null ? given : knock.given;
        }
    }

    /** Whether programs are wanted still. */
    boolean isOpen() {
        synchronized (bell) {
            return open;
        }
    }

    /** From now on nobody is let in, and who is expected is not waited for. */
    void close() {
        synchronized (bell) {
            answer(problem("the agent does not wait for any"));
            open = false;
            asked = false;
        }
    }
}
