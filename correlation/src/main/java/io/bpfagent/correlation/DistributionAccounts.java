package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.RecordSizes;
import java.util.Arrays;

/**
 * A {@link DistributionAccount} for each state and thread metric that was ever hit, by the slots of {@link
 * Distributions}.
 */
final class DistributionAccounts {
    /** Most threads have states only. */
    private DistributionAccount[] bySlot = new DistributionAccount[RecordSizes.STATES];
    private Distributions current = Distributions.EMPTY;
    /** Whether something has been forgotten that {@link #current} has. */
    private boolean outdated;

    /** The account of {@code slot}, made on first use. */
    DistributionAccount of(int slot) {
        if (slot >= bySlot.length) {
            bySlot = Arrays.copyOf(bySlot, Distributions.SLOTS);
        }
        if (bySlot[slot] == null) {
            bySlot[slot] = new DistributionAccount();
        }
        return bySlot[slot];
    }

    /** Nothing is known of {@code slot} any more: its metric has gone. */
    void forget(int slot) {
        if (slot < bySlot.length && bySlot[slot] != null) {
            bySlot[slot] = null;
            outdated = true;
        }
    }

    /**
     * As they are now; the same object as before if nothing was added.
     *
     * @param users whose the slots of user metrics are
     */
    Distributions toDistributions(UserMetrics users) {
        boolean same = !outdated;
        for (int slot = 0; slot < bySlot.length && same; slot++) {
            same = bySlot[slot] == null || current.has(slot, bySlot[slot].toDistribution());
        }
        if (!same) {
            Distribution[] distributions = new Distribution[bySlot.length];
            for (int slot = 0; slot < bySlot.length; slot++) {
                distributions[slot] = bySlot[slot] == null ? Distribution.EMPTY : bySlot[slot].toDistribution();
            }
            current = new Distributions(distributions, users);
            outdated = false;
        }
        return current;
    }
}
