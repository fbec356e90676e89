package io.bpfagent.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * In which order those that are compared take their turns. Every second round is the one before it the other way
 * round, so that over both each has come equally early: a machine that gets slower or faster steadily is then no bias.
 *
 * @param <T> what is compared
 */
final class Turns<T> {
    /** One for all rounds: the first numbers of generators with small seeds are nearly the same. */
    private final Random random = new Random(17);
    private final List<T> order;
    private int rounds;

    /** Of these; they are copied. */
    Turns(List<T> all) {
        order = new ArrayList<>(all);
    }

    /** The next round's, each once. */
    List<T> next() {
        if (rounds++ % 2 == 0) {
            Collections.shuffle(order, random);
        } else {
            Collections.reverse(order);
        }
        return List.copyOf(order);
    }
}
