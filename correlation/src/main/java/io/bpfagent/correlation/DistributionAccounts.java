package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.RecordSizes;

/** A {@link DistributionAccount} for each state that was ever hit. */
final class DistributionAccounts {
    private final DistributionAccount[] byState = new DistributionAccount[RecordSizes.STATES];
    private StateDistributions current = StateDistributions.EMPTY;

    /** The account of {@code state}, made on first use. */
    DistributionAccount of(int state) {
        if (byState[state] == null) {
            byState[state] = new DistributionAccount();
        }
        return byState[state];
    }

    /** As they are now; the same object as before if nothing was added. */
    StateDistributions toDistributions() {
        boolean same = true;
        for (int s = 0; s < byState.length && same; s++) {
            same = byState[s] == null || byState[s].toDistribution() == current.of(ThreadState.ALL.get(s));
        }
        if (!same) {
            Distribution[] distributions = new Distribution[byState.length];
            for (int s = 0; s < byState.length; s++) {
                distributions[s] = byState[s] == null ? Distribution.EMPTY : byState[s].toDistribution();
            }
            current = new StateDistributions(distributions);
        }
        return current;
    }
}
