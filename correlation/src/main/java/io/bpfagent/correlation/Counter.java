package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.RecordSizes;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What can be counted for each thread on request: events of the processor, where it has counters for them, and some of
 * the kernel's own, which every machine has. Numbers are those of perf_event_open(2).
 */
public enum Counter {
    /** Of the processor, while it ran the thread: how many depends on its frequency then. */
    CYCLES(Source.PROCESSOR, 0),
    /** That the processor has finished. */
    INSTRUCTIONS(Source.PROCESSOR, 1),
    /** Accesses of the last level of its caches, as a rule. */
    CACHE_REFERENCES(Source.PROCESSOR, 2),
    /** Those of them that had to wait for memory. */
    CACHE_MISSES(Source.PROCESSOR, 3),
    /** Instructions that may go on elsewhere. */
    BRANCHES(Source.PROCESSOR, 4),
    /** Those of them that were predicted wrong. */
    BRANCH_MISSES(Source.PROCESSOR, 5),
    /** Cycles in which no instruction came in. */
    STALLED_CYCLES_FRONTEND(Source.PROCESSOR, 7),
    /** Cycles in which none was finished. */
    STALLED_CYCLES_BACKEND(Source.PROCESSOR, 8),
    /** Cycles of a clock that does not change its frequency. */
    REF_CYCLES(Source.PROCESSOR, 9),
    /** Reads of the last level cache. */
    LLC_LOADS(Source.CACHE, cache(2, 0)),
    /** Those of them that missed. */
    LLC_LOAD_MISSES(Source.CACHE, cache(2, 1)),
    /** Reads that missed the first level cache for data. */
    L1D_LOAD_MISSES(Source.CACHE, cache(0, 1)),
    /** Reads whose address was not among the translations that the processor keeps. */
    DTLB_LOAD_MISSES(Source.CACHE, cache(3, 1)),
    /** Not of the processor: ns on a CPU. */
    CPU_CLOCK(Source.KERNEL, 0),
    /** Not of the processor: page faults. */
    PAGE_FAULTS(Source.KERNEL, 2),
    /** Not of the processor: how often the thread came on a CPU. */
    CONTEXT_SWITCHES(Source.KERNEL, 3);

    /** All; shared, because {@code values()} copies. */
    public static final List<Counter> ALL = List.of(values());

    /** So many at one time. */
    public static final int MOST = RecordSizes.COUNTERS;

    private static final Map<String, Counter> BY_LABEL = new HashMap<>();

    static {
        for (Counter counter : ALL) {
            BY_LABEL.put(counter.label, counter);
        }
    }

    /** Who counts. The numbers are those of {@code enum perf_type_id}. */
    private enum Source {
        PROCESSOR(0), CACHE(3), KERNEL(1);

        private final int type;

        Source(int type) {
            this.type = type;
        }
    }

    private final String label = name().toLowerCase(Locale.ROOT);
    private final Source source;
    private final long config;

    Counter(Source source, long config) {
        this.source = source;
        this.config = config;
    }

    /** Of perf_hw_cache_id, for reads; result 0: accesses, 1: misses. */
    private static long cache(int cache, int result) {
        return cache | result << 16;
    }

    /** The counter of this name. */
    public static Optional<Counter> of(String label) {
        return Optional.ofNullable(BY_LABEL.get(label));
    }

    /** The name in arguments and reports, for example {@code cache_misses}. */
    public String label() {
        return label;
    }

    /** {@code perf_event_attr.type}. */
    public int type() {
        return source.type;
    }

    /** {@code perf_event_attr.config}. */
    public long config() {
        return config;
    }
}
