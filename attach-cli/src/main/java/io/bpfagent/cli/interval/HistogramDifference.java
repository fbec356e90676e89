package io.bpfagent.cli.interval;

import io.bpfagent.cli.control.HistogramsDocument.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A histogram between two looks at it. */
public final class HistogramDifference {

    private HistogramDifference() {
    }

    /**
     * What was added: count, sum and buckets exactly. The greatest is exact where it is the greatest of all so far,
     * else the bound of its bucket. Min, mean and percentiles are null: they are the buckets'.
     *
     * @param known the earlier one, null when there was none; one of a user's probe that has gone meanwhile, and of
     * which     another has the name now, counts for none
     */
    public static Entry of(Entry known, Entry later) {
        Entry earlier = known == null || !Objects.equals(known.atMs(), later.atMs()) ? null : known;
        Map<Long, Long> before = new HashMap<>();
        if (earlier != null) {
            earlier.buckets().forEach(bucket -> before.put(bucket[0], bucket[1]));
        }
        List<long[]> buckets = new ArrayList<>();
        for (long[] bucket : later.buckets()) {
            long more = bucket[1] - before.getOrDefault(bucket[0], 0L);
            if (more > 0) {
                buckets.add(new long[] {bucket[0], more});
            }
        }
        long count = Math.max(0, later.count() - (earlier == null ? 0 : earlier.count()));
        long sum = Math.max(0, later.sum() - (earlier == null ? 0 : earlier.sum()));
        return new Entry(later.metric(), later.operation(), later.pool(), later.thread(), later.context(), later.unit(),
            later.atMs(), count, sum, null, null, max(earlier, later, buckets), null, null, null, null, buckets);
    }

    private static Long max(Entry earlier, Entry later, List<long[]> buckets) {
        if (buckets.isEmpty() || later.max() == null) {
            return null;
        }
        boolean record = earlier == null || earlier.max() == null || later.max() > earlier.max();
        return record ? later.max() : Math.min(later.max(), buckets.get(buckets.size() - 1)[0]);
    }
}
