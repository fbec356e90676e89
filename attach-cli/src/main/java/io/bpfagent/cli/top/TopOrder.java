package io.bpfagent.cli.top;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the rows of pools and threads are sorted by: {@code delayed} (all that holds up a thread which has work to do),
 * one state, or the name. Pauses and events are sorted by {@code delayed} with the newest first, by {@code name} too,
 * and else with the longest first.
 *
 * @param name as {@code --sort} takes it
 */
public record TopOrder(String name) {

    /** The first and usual one. */
    public static final TopOrder DELAYED = new TopOrder("delayed");
    /** Alphabetically. */
    public static final TopOrder NAME = new TopOrder("name");

    /** All, in the order of the key that goes from one to the next. */
    public static List<TopOrder> all() {
        List<TopOrder> all = new ArrayList<>();
        all.add(DELAYED);
        for (ThreadState state : ThreadState.ALL) {
            all.add(new TopOrder(state.reason()));
        }
        all.add(NAME);
        return all;
    }

    /** The one so many further in {@link #all}, round and round. */
    TopOrder next(int steps) {
        List<TopOrder> all = all();
        return all.get(Math.floorMod(all.indexOf(this) + steps, all.size()));
    }

    /** The time that counts, in ns. */
    long ns(Map<String, Long> timesNs) {
        long sum = 0;
        for (ThreadState state : ThreadState.ALL) {
            if (equals(DELAYED) ? state.isDelay() : state.reason().equals(name)) {
                sum += state.ns(timesNs);
            }
        }
        return sum;
    }
}
