package io.bpfagent.correlation;

/** What the threads of one pool have used, live and ended ones. Nothing in it goes down but {@link #threads}. */
final class PoolAccount {
    private final String name;
    private final int index;
    private final long[] numbers = new long[3 * StateTimes.STATES];
    private final DistributionAccounts distributions = new DistributionAccounts();
    private final CountsAccount counts = new CountsAccount();
    private StateTimes times = StateTimes.ZERO;
    private ThreadKind kind;
    private long ended;

    /** Live threads, counted anew by each read. */
    int threads;

    /** @param index the pool's number in the kernel's records; 0 is {@link PoolNames#OTHER} */
    PoolAccount(String name, int index, ThreadKind kind) {
        this.name = name;
        this.index = index;
        this.kind = kind;
    }

    String name() {
        return name;
    }

    int index() {
        return index;
    }

    boolean isOther() {
        return index == 0;
    }

    /** Says the kind of a pool whose first thread was not known well enough. */
    void learnKind(ThreadKind better) {
        if (kind == ThreadKind.OTHER && !isOther()) {
            kind = better;
        }
    }

    void addTime(int state, long ns) {
        numbers[StateTimes.TIME + state] += ns;
        times = null;
    }

    void addCount(int state, long count) {
        numbers[StateTimes.COUNT + state] += count;
        times = null;
    }

    void raiseMax(int state, long ns) {
        numbers[StateTimes.MAX + state] = Math.max(numbers[StateTimes.MAX + state], ns);
        times = null;
    }

    void addEnded() {
        ended++;
    }

    CountsAccount counts() {
        return counts;
    }

    DistributionAccounts distributions() {
        return distributions;
    }

    /** As it is now. */
    PoolUsage toUsage(UserMetrics users) {
        if (times == null) {
            times = new StateTimes(numbers.clone(), 0, 0);
        }
        return new PoolUsage(name, kind, threads, ended, times, counts.toCounts(),
                distributions.toDistributions(users));
    }
}
