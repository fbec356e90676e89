package io.bpfagent.correlation;

import java.util.Arrays;

/** {@link ThreadCounts} that grow. What {@link #toCounts()} gave stays the same object until something is added. */
final class CountsAccount {
    private long[] numbers = new long[ThreadCounts.NUMBERS];
    private ThreadCounts current = ThreadCounts.ZERO;

    void add(int number, long more) {
        if (more != 0) {
            if (current != null) {
                numbers = numbers.clone(); // the old one is in a snapshot
                current = null;
            }
            if (number >= numbers.length) {
                numbers = Arrays.copyOf(numbers, number + 1); // the first that a counter has counted
            }
            numbers[number] += more;
        }
    }

    /** As they are now. */
    ThreadCounts toCounts() {
        if (current == null) {
            current = new ThreadCounts(numbers);
        }
        return current;
    }
}
