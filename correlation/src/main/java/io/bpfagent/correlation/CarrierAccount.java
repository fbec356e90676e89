package io.bpfagent.correlation;

/**
 * One histogram of {@link CarrierTimes}.
 *
 * <p>Heap: 8 KiB.
 */
final class CarrierAccount {
    private final EventMetric metric;
    private final DistributionAccount account = new DistributionAccount();
    private long[] last = new long[CarrierTimes.NUMBERS];
    private long[] now = new long[CarrierTimes.NUMBERS];

    CarrierAccount(EventMetric metric) {
        this.metric = metric;
    }

    /** Adds what is new. The same object as before if that is nothing. */
    Distribution read(CarrierTimes times) {
        times.read(metric, now);
        for (int i = 0; i < Buckets.COUNT; i++) {
            // Garbage there must not make a count go down.
            account.addCount(i, Math.max(0, now[i] - last[i]));
        }
        account.add(Math.max(0, now[Buckets.COUNT] - last[Buckets.COUNT]), now[Buckets.COUNT + 1]);
        long[] free = last;
        last = now;
        now = free;
        return account.toDistribution();
    }

    /** As of the last reading. */
    Distribution toDistribution() {
        return account.toDistribution();
    }
}
