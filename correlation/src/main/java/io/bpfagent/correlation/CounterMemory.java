package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.records.RecordLayouts.RowCounters;
import java.util.List;

/**
 * The mapped memory of what is counted for each thread; only read. There is some only where it was asked for. As to the
 * rest see {@link KernelMemory}.
 *
 * @param counters which they are, in the order in which they stand there
 * @param rows     {@code struct row_counters}, as many as rows
 */
public record CounterMemory(List<Counter> counters, RecordArray rows) {
    public CounterMemory {
        counters = List.copyOf(counters);
        if (counters.isEmpty() || counters.size() > RecordSizes.COUNTERS) {
            throw new IllegalArgumentException("there must be 1 to " + RecordSizes.COUNTERS + " counters, count="
                    + counters.size());
        }
        if (rows.recordBytes() != RowCounters.SIZE) {
            throw new IllegalArgumentException("row_counters must have " + RowCounters.SIZE + " bytes each, bytes="
                    + rows.recordBytes());
        }
    }
}
