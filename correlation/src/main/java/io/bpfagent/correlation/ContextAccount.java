package io.bpfagent.correlation;

import java.util.Arrays;

/** One context: what its nodes have, added up anew at each read. What has not changed stays the same object. */
final class ContextAccount {
    private static final int STATES = StateTimes.STATES;

    private final ContextKind kind;
    private final String name;
    /** How long single stays were, of all nodes that are this context. */
    private final DistributionAccounts distributions = new DistributionAccounts();
    /** As {@link StateTimes} has them: what the context itself took, and that with the contexts within it. */
    private final long[] exclusive = new long[3 * STATES];
    private final long[] inclusive = new long[3 * STATES];
    private long entered;
    private ContextReport current;

    ContextAccount(ContextKind kind, String name) {
        this.kind = kind;
        this.name = name;
        this.current = new ContextReport(kind, name, 0, StateTimes.ZERO, StateTimes.ZERO, Distributions.EMPTY);
    }

    DistributionAccounts distributions() {
        return distributions;
    }

    /** Before nodes are added. */
    void begin() {
        Arrays.fill(exclusive, 0);
        Arrays.fill(inclusive, 0);
        entered = 0;
    }

    /** One of the nodes that are this context. */
    void addOwn(NodeAccount node) {
        add(exclusive, node);
        entered += node.entered();
    }

    /** One of those, or of the nodes that are within one. */
    void addWithin(NodeAccount node) {
        add(inclusive, node);
    }

    private static void add(long[] sum, NodeAccount node) {
        for (int s = 0; s < STATES; s++) {
            sum[StateTimes.TIME + s] += node.timeNs(s);
            sum[StateTimes.COUNT + s] += node.count(s);
            sum[StateTimes.MAX + s] = Math.max(sum[StateTimes.MAX + s], node.maxNs(s));
        }
    }

    /** Whether any thread has ever been in it, or in a context within it. */
    boolean isUsed() {
        if (entered != 0) {
            return true;
        }
        for (long number : inclusive) {
            if (number != 0) {
                return true;
            }
        }
        return false;
    }

    /** When all nodes have been added. */
    ContextReport toReport() {
        StateTimes own = times(exclusive, current.exclusive());
        StateTimes all = times(inclusive, current.inclusive());
        Distributions lengths = distributions.toDistributions(UserMetrics.NONE);
        if (own != current.exclusive() || all != current.inclusive() || lengths != current.distributions()
                || entered != current.entered()) {
            current = new ContextReport(kind, name, entered, own, all, lengths);
        }
        return current;
    }

    private static StateTimes times(long[] numbers, StateTimes before) {
        return before.has(numbers) ? before : new StateTimes(numbers.clone(), 0, 0);
    }
}
