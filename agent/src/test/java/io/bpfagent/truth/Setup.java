package io.bpfagent.truth;

import java.util.List;

/**
 * What a machine and an agent begin with.
 *
 * @param rows        of threads that the agent can know at one time
 * @param pages       of histograms that can be handed out, 32 at least
 * @param cpus        of the machine
 * @param steadyClock whether events are timed by the scheduler's clock, rather than by CLOCK_MONOTONIC
 * @param aheadNs     by how much CLOCK_MONOTONIC is ahead of the scheduler's
 * @param inGroup     whether the host is in a CPU cgroup
 * @param before      so many steps happen before the agent begins to count
 * @param isOld       whether the kernel lacks the fields that came after 5.15
 */
record Setup(int rows, int pages, int cpus, boolean steadyClock, long aheadNs, boolean inGroup, int before,
        boolean isOld) {
    /** By how much CLOCK_MONOTONIC is ahead of the clock of events. */
    long aheadNsOfEvents() {
        return steadyClock ? aheadNs : 0;
    }

    /** The same with one thing that is simpler. */
    List<Setup> simpler() {
        return List.of(new Setup(rows, pages, cpus, steadyClock, aheadNs, inGroup, before, false),
                new Setup(rows, pages, cpus, steadyClock, aheadNs, inGroup, 0, isOld),
                new Setup(rows, pages, cpus, false, aheadNs, inGroup, before, isOld),
                new Setup(rows, pages, cpus, steadyClock, 0, inGroup, before, isOld),
                new Setup(rows, pages, cpus, steadyClock, aheadNs, false, before, isOld),
                new Setup(40, pages, cpus, steadyClock, aheadNs, inGroup, before, isOld),
                new Setup(rows, 800, cpus, steadyClock, aheadNs, inGroup, before, isOld),
                new Setup(rows, pages, 1, steadyClock, aheadNs, inGroup, before, isOld));
    }
}
