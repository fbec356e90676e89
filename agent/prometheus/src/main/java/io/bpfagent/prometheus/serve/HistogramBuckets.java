package io.bpfagent.prometheus.serve;

import io.bpfagent.correlation.Distribution;
import java.util.Arrays;

/** Buckets of Prometheus', classic and native ones, of one histogram after the other. One thread. */
final class HistogramBuckets implements Distribution.BucketConsumer {
    private final NativeBuckets positive = new NativeBuckets();
    private BucketTable table;
    private long[] classic = {};
    private long zeros;
    private long count;

    /** Begins anew with the buckets of {@code point}. */
    void fill(HistogramPoint point) {
        table = point.table();
        if (classic.length != table.bounds().length) {
            classic = new long[table.bounds().length];
        }
        Arrays.fill(classic, 0);
        zeros = 0;
        count = 0;
        positive.clear();
        point.distribution().forEachBucket(this);
    }

    @Override
    public void accept(long upToNs, long values) {
        int index = BucketTable.index(upToNs);
        if (index == 0) {
            zeros += values;
        } else {
            positive.add(table.nativeNumber(index), values);
        }
        classic[table.classic(index)] += values;
        count += values;
    }

    /** How many values are in all of them. */
    long count() {
        return count;
    }

    /** How many values are in each classic bucket alone, by the table's bounds; not to be changed. */
    long[] classic() {
        return classic;
    }

    /** How many values have no native bucket, being at most the table's threshold of zero. */
    long zeros() {
        return zeros;
    }

    /** The native buckets. */
    NativeBuckets positive() {
        return positive;
    }
}
