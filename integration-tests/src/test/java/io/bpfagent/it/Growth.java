package io.bpfagent.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * Whether a JVM in which the same is done again and again holds more and more of something: the least that it held in
 * the first half of the cycles against the least in the second.
 *
 * <p>What grows has grown in every look of the second half. What comes and goes (a thread that has not ended yet,
 * memory that the JVM has not given back) is missing in one of them. So the bounds can be narrow: a leak is one for
 * each cycle, or hundreds of KiB.
 */
public final class Growth {
    /** One in fifty cycles. */
    private static final double COUNT_A_CYCLE = 0.02;
    /** The agent has 800. The JVM's own come when something is done for the hundredth time. */
    private static final double CLASSES_A_CYCLE = 0.5;
    /** The agent's classes take some 4,000 KiB; the JVM counts whole blocks of what it has given out. */
    private static final double METASPACE_KIB_A_CYCLE = 4;
    /** The JVM drops forms of method handles, and spins them again, as it likes: 2,392 to 2,438 classes were seen. */
    private static final long CLASSES_JITTER = 60;
    private static final long METASPACE_KIB_JITTER = 300;

    private record Look(int cycle, Footprint footprint) {}

    /**
     * @param limit  what may be added in a cycle
     * @param jitter by how much two looks may differ without that anything grows
     */
    private record Kind(String name, double limit, long jitter, ToLongFunction<Footprint> held) {}

    private static final List<Kind> KINDS = List.of(
            new Kind("file descriptors", COUNT_A_CYCLE, 0, Footprint::descriptors),
            new Kind("threads", COUNT_A_CYCLE, 0, Footprint::threads),
            new Kind("BPF objects", COUNT_A_CYCLE, 0, Footprint::bpfObjects),
            new Kind("classes", CLASSES_A_CYCLE, CLASSES_JITTER, Footprint::classes),
            new Kind("KiB of metaspace", METASPACE_KIB_A_CYCLE, METASPACE_KIB_JITTER, Footprint::metaspaceKib));

    private final List<Look> looks = new ArrayList<>();

    /** What it holds after so many cycles; each time more of them. */
    public void add(int cycle, Footprint footprint) {
        looks.add(new Look(cycle, footprint));
    }

    /** What has grown beyond its bound, how much, and what the bound is; empty when nothing has. */
    public List<String> beyond() {
        if (looks.size() < 4) {
            throw new IllegalStateException("at least two looks in each half are needed, looks=" + looks.size());
        }
        int middle = looks.size() / 2;
        int cycles = looks.get(middle).cycle() - looks.get(0).cycle();
        List<String> beyond = new ArrayList<>();
        for (Kind kind : KINDS) {
            long before = least(kind, looks.subList(0, middle));
            long after = least(kind, looks.subList(middle, looks.size()));
            double most = kind.jitter() + kind.limit() * cycles;
            if (after - before > most) {
                beyond.add(String.format(Locale.ROOT, "%s: %d have become %d in %d cycles (at most %.0f more)",
                        kind.name(), before, after, cycles, most));
            }
        }
        return beyond;
    }

    private static long least(Kind kind, List<Look> half) {
        return half.stream().mapToLong(look -> kind.held().applyAsLong(look.footprint())).min().orElseThrow();
    }

    /** All looks, for whoever wants to know more. */
    @Override
    public String toString() {
        return looks.toString();
    }
}
