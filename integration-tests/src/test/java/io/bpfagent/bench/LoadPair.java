package io.bpfagent.bench;

import io.bpfagent.it.Await;
import io.bpfagent.it.Jdks;
import java.util.Set;

/**
 * Two JVMs of threads that do nothing but wake each other, by turns of a quarter of a second or so, while each has a
 * watcher of its own: whatever makes the machine slower or faster does so to the programs of both.
 */
final class LoadPair implements AutoCloseable {
    /** Of each, for each time that the programs are loaded. */
    static final int TURNS = 12;
    private static final int WARM_UP_MS = 3_000;
    private static final int SETTLE_MS = 1_200;

    private final LoadHost first;
    private final LoadHost second;

    /** What the programs of both took at a wake-up and a switch, each in its JVM. */
    record Found(SchedulerCost one, SchedulerCost other) {}

    /**
     * What was found with the one in the first JVM, and with the one in the second.
     *
     * @param percent how much more the one's take than the other's: what the JVMs differ by is no part of it
     */
    record Comparison(Found there, Found back, double percent) {
        static Comparison of(Found there, Found back) {
            double ratio = there.one.sum() / there.other.sum() * (back.one.sum() / back.other.sum());
            return new Comparison(there, back, 100 * (Math.sqrt(ratio) - 1));
        }

        SchedulerCost one() {
            return mean(there.one, back.one);
        }

        SchedulerCost other() {
            return mean(there.other, back.other);
        }

        private static SchedulerCost mean(SchedulerCost a, SchedulerCost b) {
            return new SchedulerCost((a.wake() + b.wake()) / 2, (a.change() + b.change()) / 2);
        }
    }

    LoadPair(int pairs) {
        first = started(pairs);
        try {
            second = started(pairs);
        } catch (RuntimeException | Error e) {
            first.close();
            throw e;
        }
    }

    private static LoadHost started(int pairs) {
        LoadHost host = new LoadHost(Jdks.all().get(0), pairs, 0);
        host.go();
        Await.sleep(WARM_UP_MS);
        host.stop();
        return host;
    }

    /** Loads the programs of both twice: then each has been in each JVM. */
    Comparison compare(Watcher one, Watcher other, int windowMs) {
        return Comparison.of(found(one, first, other, second, windowMs), found(one, second, other, first, windowMs));
    }

    private static Found found(Watcher one, LoadHost ofOne, Watcher other, LoadHost ofOther, int windowMs) {
        Means ones = new Means();
        Means others = new Means();
        one.start(ofOne.jvm());
        try {
            other.start(ofOther.jvm());
            try {
                Await.sleep(SETTLE_MS);
                Set<Integer> programsOfOne = one.programs();
                Set<Integer> programsOfOther = other.programs();
                for (int turn = 0; turn < TURNS; turn++) {
                    ones.add(window(ofOne, programsOfOne, windowMs));
                    others.add(window(ofOther, programsOfOther, windowMs));
                }
            } finally {
                other.stop();
            }
        } finally {
            one.stop();
        }
        return new Found(ones.mean(), others.mean());
    }

    private static SchedulerCost window(LoadHost host, Set<Integer> programs, int windowMs) {
        host.go();
        try {
            return SchedulerCost.within(programs, windowMs);
        } finally {
            host.stop();
        }
    }

    /** Of several windows. */
    private static final class Means {
        private final Samples wake = new Samples();
        private final Samples change = new Samples();

        void add(SchedulerCost cost) {
            wake.add(cost.wake());
            change.add(cost.change());
        }

        SchedulerCost mean() {
            return new SchedulerCost(wake.mean(), change.mean());
        }
    }

    @Override
    public void close() {
        try {
            first.close();
        } finally {
            second.close();
        }
    }
}
