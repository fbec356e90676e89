package io.bpfagent.cli.report;

import io.bpfagent.cli.control.HistogramsDocument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/** One metric's histograms of all intervals, column by column. One thread. */
final class HistogramSums {

    private final String metric;
    private final String pool;
    private final String operation;
    private final String unit;
    private long count;
    private long sum;
    private long max;
    private long size;
    /** How many columns a cell covers, beginning with a multiple of it. */
    private int width = 1;
    private final List<Cell> cells = new ArrayList<>();

    /**
     * What came in one column.
     *
     * @param pairs bound of the bucket, count; ascending
     */
    private record Cell(int column, long[] pairs) {
    }

    HistogramSums(HistogramsDocument.Entry first) {
        metric = first.metric();
        pool = first.pool();
        operation = first.operation();
        unit = first.unit();
    }

    /** Adds what came in an interval; its buckets are ascending. */
    void add(int column, HistogramsDocument.Entry entry) {
        count += entry.count();
        sum += entry.sum();
        max = Math.max(max, entry.max() == null ? 0 : entry.max());
        long[] pairs = new long[2 * entry.buckets().size()];
        for (int i = 0; i < entry.buckets().size(); i++) {
            long[] bucket = entry.buckets().get(i);
            pairs[2 * i] = bucket[0];
            pairs[2 * i + 1] = bucket[1];
        }
        if (pairs.length > 0) {
            size += append(cells, column - column % width, pairs);
        }
    }

    /** How many numbers there are in its cells. */
    long size() {
        return size;
    }

    /** Makes one column of two. */
    void halve() {
        width = Math.max(1, width / 2);
        moved(2, 1);
    }

    /** Makes one cell of two, to need less room. */
    void widen() {
        width *= 2;
        moved(1, width);
    }

    /** Gives each cell the column of which its own is so many times the number, down to a multiple. */
    private void moved(int times, int multiple) {
        List<Cell> before = List.copyOf(cells);
        cells.clear();
        size = 0;
        for (Cell cell : before) {
            int column = cell.column / times;
            size += append(cells, column - column % multiple, cell.pairs);
        }
    }

    /** Returns how many numbers more there are. */
    private static int append(List<Cell> cells, int column, long[] pairs) {
        int last = cells.size() - 1;
        if (last < 0 || cells.get(last).column != column) {
            cells.add(new Cell(column, pairs));
            return pairs.length;
        }
        long[] before = cells.get(last).pairs;
        long[] merged = merged(before, pairs);
        cells.set(last, new Cell(column, merged));
        return merged.length - before.length;
    }

    private static long[] merged(long[] left, long[] right) {
        long[] merged = new long[left.length + right.length];
        int l = 0;
        int r = 0;
        int size = 0;
        while (l < left.length || r < right.length) {
            boolean fromLeft = r == right.length || l < left.length && left[l] <= right[r];
            boolean fromRight = l == left.length || r < right.length && right[r] <= left[l];
            merged[size] = fromLeft ? left[l] : right[r];
            merged[size + 1] = (fromLeft ? left[l + 1] : 0) + (fromRight ? right[r + 1] : 0);
            l += fromLeft ? 2 : 0;
            r += fromRight ? 2 : 0;
            size += 2;
        }
        return Arrays.copyOf(merged, size);
    }

    /** Whether it is of all threads and operations: what is looked at first. */
    boolean isOfProcess() {
        return pool == null && operation == null;
    }

    /**
     * All of it.
     *
     * @param least how many columns a cell is to cover, a power of two, if it does not cover more
     */
    ReportData.Histogram data(int least) {
        int covers = Math.max(width, least);
        List<Cell> wide = new ArrayList<>();
        cells.forEach(cell -> append(wide, cell.column - cell.column % covers, cell.pairs));
        TreeMap<Long, Long> totals = new TreeMap<>();
        for (Cell cell : cells) {
            for (int i = 0; i < cell.pairs.length; i += 2) {
                totals.merge(cell.pairs[i], cell.pairs[i + 1], Long::sum);
            }
        }
        long[] bounds = totals.keySet().stream().mapToLong(Long::longValue).toArray();
        long[] counts = totals.values().stream().mapToLong(Long::longValue).toArray();
        List<ReportData.Cell> columns = new ArrayList<>(wide.size());
        for (Cell cell : wide) {
            long[] indexed = cell.pairs.clone();
            for (int i = 0; i < indexed.length; i += 2) {
                indexed[i] = Arrays.binarySearch(bounds, indexed[i]);
            }
            columns.add(new ReportData.Cell(cell.column, indexed));
        }
        return new ReportData.Histogram(metric, pool, operation, unit, count, sum, max, covers, bounds, counts,
            columns);
    }
}
