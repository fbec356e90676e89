package io.bpfagent.cli.interval;

import io.bpfagent.cli.control.ThreadsDocument;
import io.bpfagent.cli.control.ThreadsDocument.Count;
import io.bpfagent.cli.control.ThreadsDocument.Entry;
import io.bpfagent.cli.control.ThreadsDocument.Pool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The times of threads and pools between two looks at them. */
public final class ThreadsDifference {

    private ThreadsDifference() {
    }

    /**
     * What was added: live threads and all pools of the later document, with the time between the two. One that the
     * earlier does not know stays as it is. Losses stay as the later has them, since the agent began.
     *
     * @param earlier of the same agent: with a {@code wallNs} that is not greater
     */
    public static ThreadsDocument of(ThreadsDocument earlier, ThreadsDocument later) {
        Map<Long, Entry> threadsBefore = new HashMap<>();
        earlier.threads().forEach(thread -> threadsBefore.put(key(thread), thread));
        Map<String, Pool> poolsBefore = new HashMap<>();
        earlier.pools().forEach(pool -> poolsBefore.put(pool.pool(), pool));
        List<Entry> threads = new ArrayList<>(later.threads().size());
        for (Entry thread : later.threads()) {
            Entry before = threadsBefore.get(key(thread));
            // A tid goes to another thread after this one's end; that one's time begins anew.
            boolean same = before != null && before.wallNs() <= thread.wallNs();
            threads.add(same ? minus(thread, before) : thread);
        }
        List<Pool> pools = new ArrayList<>(later.pools().size());
        for (Pool pool : later.pools()) {
            Pool before = poolsBefore.get(pool.pool());
            pools.add(before == null ? pool : minus(pool, before));
        }
        return new ThreadsDocument(later.schema(), true, later.wallNs() - earlier.wallNs(), threads, pools,
            later.losses(), later.counters());
    }

    private static long key(Entry thread) {
        return thread.javaId() << 32 ^ thread.tid();
    }

    private static Entry minus(Entry now, Entry before) {
        Map<String, Count> counters = counted(now.counters(), before.counters());
        return new Entry(now.tid(), now.javaId(), now.name(), now.pool(), now.kind(), now.state(),
            now.wallNs() - before.wallNs(), minus(now.timesNs(), before.timesNs()),
            minus(now.waitedNs(), before.waitedNs()), more(now.migrations(), before.migrations()),
            more(now.minorFaults(), before.minorFaults()), more(now.majorFaults(), before.majorFaults()), counters,
            ratio(counters, "instructions", "cycles"), ratio(counters, "cache_misses", "cache_references"));
    }

    private static Pool minus(Pool now, Pool before) {
        Map<String, Count> counters = counted(now.counters(), before.counters());
        return new Pool(now.pool(), now.threads(), more(now.ended(), before.ended()),
            minus(now.timesNs(), before.timesNs()), minus(now.waitedNs(), before.waitedNs()),
            more(now.migrations(), before.migrations()), more(now.minorFaults(), before.minorFaults()),
            more(now.majorFaults(), before.majorFaults()), counters, ratio(counters, "instructions", "cycles"),
            ratio(counters, "cache_misses", "cache_references"));
    }

    /** What counters have counted in between, where they are asked for; {@code counted} stays that of all the time. */
    private static Map<String, Count> counted(Map<String, Count> now, Map<String, Count> before) {
        if (now == null) {
            return null;
        }
        Map<String, Count> difference = new LinkedHashMap<>();
        now.forEach((counter, count) -> {
            Count earlier = before == null ? null : before.get(counter);
            long already = earlier == null || earlier.count() == null ? 0 : earlier.count();
            difference.put(counter, count.count() == null ? count
                : new Count(more(count.count(), already), count.counted()));
        });
        return difference;
    }

    private static Double ratio(Map<String, Count> counters, String part, String whole) {
        Count parts = counters == null ? null : counters.get(part);
        Count wholes = counters == null ? null : counters.get(whole);
        boolean known = parts != null && wholes != null && parts.count() != null && wholes.count() != null
            && wholes.count() > 0;
        return known ? Double.valueOf((double) parts.count() / wholes.count()) : null;
    }

    private static Map<String, Long> minus(Map<String, Long> now, Map<String, Long> before) {
        Map<String, Long> difference = new LinkedHashMap<>();
        now.forEach((key, value) -> difference.put(key, more(value, before.getOrDefault(key, 0L))));
        return difference;
    }

    /** A stay that is not over yet can be told again as one in another state: then there is nothing to add. */
    private static long more(long now, long before) {
        return Math.max(0, now - before);
    }
}
