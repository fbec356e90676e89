package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What the kernel counts of a thread, a pool or the process, as of the last switch of each thread: page faults, moves
 * to another CPU, and who had the CPU for which it waited. Immutable.
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

    /** What was added since {@code earlier}. */
    public ThreadCounts minus(ThreadCounts earlier) {
        if (this == earlier) {
            return ZERO;
        }
        long[] difference = new long[NUMBERS];
        for (int i = 0; i < NUMBERS; i++) {
            difference[i] = numbers[i] - earlier.numbers[i];
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
