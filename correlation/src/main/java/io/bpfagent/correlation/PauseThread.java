package io.bpfagent.correlation;

import java.util.List;
import java.util.Objects;

/**
 * A thread in a pause.
 *
 * @param tid         in the innermost pid namespace: what the JVM and jstack show; 0 when it is not known
 * @param name        its name, or {@code ""} when it ended before anybody told it
 * @param role        what it had to do with the pause
 * @param times       what it did from the pause's begin to its end; of a late thread until it stopped
 * @param minorFaults page faults served without waiting, as far as they were seen: from its first change of
 *                    state in the pause to its last
 * @param majorFaults page faults for which something had to be read, likewise
 * @param occupants   who had the CPU while it was runnable, longest first; they add up to that time
 */
public record PauseThread(int tid, String name, PauseRole role, PauseTimes times, long minorFaults,
        long majorFaults, List<Occupant> occupants) {
    public PauseThread {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(times, "times");
        occupants = List.copyOf(occupants);
    }
}
