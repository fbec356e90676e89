package io.bpfagent.correlation.pause;

/**
 * Sorts numbers in place, in O(n log n) whatever their order, without garbage.
 *
 * <p>{@link java.util.Arrays#sort(long[])} is faster, but on JDK 25 its first call makes classes at run time (150 KB
 * of garbage in a host that has just begun), and later the JIT compilers work on it for 100 ms.
 */
final class HeapSort {
    private HeapSort() {}

    /** Sorts the first {@code count} numbers, the least first. */
    static void sort(long[] numbers, int count) {
        for (int root = count / 2 - 1; root >= 0; root--) {
            sink(numbers, root, count);
        }
        for (int last = count - 1; last > 0; last--) {
            long most = numbers[0];
            numbers[0] = numbers[last];
            numbers[last] = most;
            sink(numbers, 0, last);
        }
    }

    /** Moves the number at the root down until none below it is larger. */
    private static void sink(long[] numbers, int root, int count) {
        long number = numbers[root];
        int at = root;
        for (int child = 2 * at + 1; child < count; child = 2 * at + 1) {
            if (child + 1 < count && numbers[child + 1] > numbers[child]) {
                child++;
            }
            if (numbers[child] <= number) {
                break;
            }
            numbers[at] = numbers[child];
            at = child;
        }
        numbers[at] = number;
    }
}
