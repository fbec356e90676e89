package io.bpfagent.correlation;

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
