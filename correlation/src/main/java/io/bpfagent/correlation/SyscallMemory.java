package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts.EventTotals;
import io.bpfagent.records.RecordLayouts.HistogramPage;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The mapped memory of what system calls add up to, by their numbers; only read. There is some only where it was asked
 * for. As to the rest see {@link KernelMemory}.
 *
 * @param totals {@code struct event_totals}, {@value RecordSizes#SYSCALLS} of them
 * @param pages  {@code struct histogram_page}, as many
 */
public record SyscallMemory(ByteBuffer totals, RecordArray pages) {
    public SyscallMemory {
        int bytes = EventTotals.SIZE * RecordSizes.SYSCALLS;
        if (totals.remaining() != bytes) {
            throw new IllegalArgumentException("syscalls must have " + bytes + " bytes, bytes=" + totals.remaining());
        }
        if (pages.recordBytes() != HistogramPage.SIZE || pages.count() != RecordSizes.SYSCALLS) {
            throw new IllegalArgumentException("syscall_pages must be " + RecordSizes.SYSCALLS + " pages, count="
                    + pages.count());
        }
        totals = totals.slice().order(ByteOrder.LITTLE_ENDIAN);
    }
}
