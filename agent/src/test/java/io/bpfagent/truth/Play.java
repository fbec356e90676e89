package io.bpfagent.truth;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Steps on a machine. What fails is played again and again without some of its steps, and with less in them, until
 * nothing more can be left out: that is what the failure shows.
 */
record Play(Setup setup, List<Step> steps) {
    /** Each build plays the same. Who changes the programs takes it out of the tests for a while ("" is a new one). */
    static final String SEED = "5342029823";
    /** A sequence is short long before that. */
    private static final int MOST_TRIES = 3_000;

    /** Plays it. @param player throws what differs */
    void check(Consumer<Play> player) {
        try {
            player.accept(this);
        } catch (AssertionError | RuntimeException e) {
            Play shortest = shortest(player);
            throw new AssertionError(e.getMessage() + "\nand shorter: " + shortest.failure(player).getMessage() + "\n"
                    + shortest, e);
        }
    }

    private Throwable failure(Consumer<Play> player) {
        try {
            player.accept(this);
            return null;
        } catch (AssertionError | RuntimeException e) {
            return e;
        }
    }

    private Play shortest(Consumer<Play> player) {
        Search search = new Search(player, this);
        search.leaveOut();
        search.simplify();
        search.leaveOut();
        return search.best;
    }

    /** For the least that fails. Always in the same order: it finds the same each time. */
    private static final class Search {
        private final Consumer<Play> player;
        private Play best;
        private int tries;

        Search(Consumer<Play> player, Play play) {
            this.player = player;
            this.best = play;
        }

        private boolean takes(Setup setup, List<Step> steps) {
            Play play = new Play(setup, steps);
            if (tries++ >= MOST_TRIES || play.failure(player) == null) {
                return false;
            }
            best = play;
            return true;
        }

        /** First many steps that follow each other, then fewer, then each. */
        void leaveOut() {
            for (int length = best.steps.size(); length > 0; length /= 2) {
                for (int from = best.steps.size() - length; from >= 0; from -= length) {
                    List<Step> less = new ArrayList<>(best.steps);
                    less.subList(from, from + length).clear();
                    takes(best.setup, less);
                }
            }
        }

        void simplify() {
            for (Setup setup : best.setup.simpler()) {
                takes(setup, best.steps);
            }
            for (int i = 0; i < best.steps.size(); i++) {
                for (Step step : best.steps.get(i).simpler()) {
                    List<Step> less = new ArrayList<>(best.steps);
                    less.set(i, step);
                    if (takes(best.setup, less)) {
                        break;
                    }
                }
            }
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(setup.toString());
        for (Step step : steps) {
            text.append("\n    ").append(step);
        }
        return text.toString();
    }
}
