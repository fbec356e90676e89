package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What the kernel counts of a thread, a pool or the process, as of the last switch of each thread: page faults, moves
 * to another CPU, and who had the CPU for which it waited; and, where they were asked for, what {@link Counter}s have
 * counted, as of the snapshot. Immutable.
 */
public final class ThreadCounts {
    /**
     * Who had a CPU last when a thread got it that had waited for it, and kept it waiting for as long as it had it. Who
     * had it before that is not known. The order is that of {@code enum waited_behind}.
     */
    public enum Behind {
        /** Another thread of this JVM. */
        OWN,
        /** A process in the same CPU cgroup, unless that is the root. */
        CGROUP,
        /** Another process. */
        PROCESS,
        /** A thread of the kernel. */
        KERNEL,
        /** Nobody: the CPU was waking up. */
        IDLE,
        /** Nobody: the cgroup had used up its CPU quota. */
        THROTTLED;

        /** All by the kernel's number; shared, because {@code values()} copies. */
        public static final List<Behind> ALL = List.of(values());

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The name in reports, for example {@code own}. */
        public String label() {
            return label;
        }
    }

    /** A wait for a CPU that was shorter is {@code runnable} and not told here: it is nobody's fault. */
    public static final long LONG_WAIT_NS = RecordLayouts.RecordSizes.LONG_WAIT_NS;

    static final int MINOR_FAULTS = 0;
    static final int MAJOR_FAULTS = 1;
    static final int MIGRATIONS = 2;
    static final int WAITED_NS = 3;
    static final int NUMBERS = WAITED_NS + Behind.ALL.size();
    /** Behind these, where there are counters: of each how much, and for how long it was to count and did. */
    static final int COUNT = 0;
    static final int ENABLED_NS = 1;
    static final int RUNNING_NS = 2;
    static final int PER_COUNTER = 3;

    /** What a counter has counted that was never running. */
    public static final long UNKNOWN = -1;

    /** Nothing counted. */
    public static final ThreadCounts ZERO = new ThreadCounts(new long[NUMBERS]);

    private final long[] numbers;

    /** Takes the array, which nobody changes any more. */
    ThreadCounts(long[] numbers) {
        this.numbers = numbers;
    }

    /** Page faults served without reading anything. */
    public long minorFaults() {
        return numbers[MINOR_FAULTS];
    }

    /** Page faults for which something had to be read. */
    public long majorFaults() {
        return numbers[MAJOR_FAULTS];
    }

    /** How often it went on on another CPU. */
    public long migrations() {
        return numbers[MIGRATIONS];
    }

    /** How long it waited behind these, ns; of waits of {@link #LONG_WAIT_NS} and more that are over. */
    public long waitedNs(Behind behind) {
        return numbers[WAITED_NS + behind.ordinal()];
    }

    static int indexOf(Counter counter) {
        return NUMBERS + counter.ordinal() * PER_COUNTER;
    }

    private long number(int index) {
        return index < numbers.length ? numbers[index] : 0;
    }

    /**
     * How much {@code counter} has counted; where it could not count all the time that the thread was on a CPU, as much
     * as it would have by then at the same rate. {@link #UNKNOWN} where it did not count at all.
     */
    public long counted(Counter counter) {
        long count = number(indexOf(counter) + COUNT);
        long enabledNs = number(indexOf(counter) + ENABLED_NS);
        long runningNs = number(indexOf(counter) + RUNNING_NS);
        if (runningNs >= enabledNs) {
            return count;
        }
        return runningNs <= 0 ? UNKNOWN : Math.round(count * ((double) enabledNs / runningNs));
    }

    /** In which part of the thread's time on a CPU {@code counter} did count, 0 to 1; 1 where there was no time. */
    public double countedShare(Counter counter) {
        long enabledNs = number(indexOf(counter) + ENABLED_NS);
        long runningNs = number(indexOf(counter) + RUNNING_NS);
        return runningNs >= enabledNs ? 1 : (double) Math.max(0, runningNs) / enabledNs;
    }

    /** What was added since {@code earlier}. */
    public ThreadCounts minus(ThreadCounts earlier) {
        if (this == earlier) {
            return ZERO;
        }
        long[] difference = new long[numbers.length];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = numbers[i] - earlier.number(i);
        }
        return new ThreadCounts(difference);
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof ThreadCounts other && Arrays.equals(numbers, other.numbers);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(numbers);
    }

    @Override
    public String toString() {
        return "ThreadCounts" + Arrays.toString(numbers);
    }
}
