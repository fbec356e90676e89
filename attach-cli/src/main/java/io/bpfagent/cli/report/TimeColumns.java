package io.bpfagent.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The time of a recording, whose length is not known until its end, in a bounded number of columns: as soon as there is
 * an interval too many, two neighbours each become one. One thread.
 */
final class TimeColumns {

    /** More than that nobody can tell apart on a screen, and they are what a page consists of. */
    static final int MOST = 600;

    private final long[] fromMs = new long[MOST];
    private final long[] toMs = new long[MOST];
    private int size;
    /** How many intervals a column has, and how many the last one has by now. */
    private long width = 1;
    private long inLast = 1;

    /** Whether the next interval finds no place before {@link #halve}. */
    boolean areFull() {
        return size == MOST && inLast == width;
    }

    /** The column of an interval, which begins where the one before has ended. */
    int add(long beginMs, long endMs) {
        if (size > 0 && inLast < width) {
            inLast++;
        } else {
            fromMs[size++] = beginMs;
            inLast = 1;
        }
        toMs[size - 1] = Math.max(endMs, fromMs[size - 1]);
        return size - 1;
    }

    /** Makes one of two; column {@code c} is then {@code c / 2}. */
    void halve() {
        // The last of an odd number stays alone and has room for as many intervals more.
        inLast = size % 2 == 0 ? width + inLast : inLast;
        for (int i = 0; i < size; i++) {
            if (i % 2 == 0) {
                fromMs[i / 2] = fromMs[i];
            }
            toMs[i / 2] = toMs[i];
        }
        size = halved(size);
        width *= 2;
    }

    /** How many columns so many become. */
    static int halved(int columns) {
        return (columns + 1) / 2;
    }

    /** The same of what is in the columns: each two are added. */
    static void halve(long[] values) {
        for (int i = 0; i < values.length; i++) {
            long value = values[i];
            values[i] = 0;
            values[i / 2] += value;
        }
    }

    int size() {
        return size;
    }

    /** Begin and end of each, in ms since 1970. */
    List<long[]> all() {
        List<long[]> all = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            all.add(new long[] {fromMs[i], toMs[i]});
        }
        return all;
    }

    /** Those of the columns that there are. */
    long[] cut(long[] values) {
        return Arrays.copyOf(values, size);
    }
}
