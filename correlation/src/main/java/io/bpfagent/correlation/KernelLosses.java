package io.bpfagent.correlation;

import io.bpfagent.records.RecordLayouts;
import io.bpfagent.records.RecordLayouts.Globals;
import java.nio.ByteBuffer;
import java.util.Map;

/** Reads the loss counters of the BPF programs. */
final class KernelLosses {
    private final ByteBuffer globals;

    KernelLosses(ByteBuffer globals) {
        this.globals = globals;
    }

    /** Enters what the BPF programs have lost so far. */
    void readInto(Map<Loss, Long> losses) {
        losses.put(Loss.THREADS_WITHOUT_ROW, get(RecordLayouts.KernelLosses.THREADS_WITHOUT_ROW));
        losses.put(Loss.EVENTS_WITHOUT_ROW, get(RecordLayouts.KernelLosses.EVENTS_WITHOUT_ROW));
        losses.put(Loss.THREADS_WITHOUT_INDEX, get(RecordLayouts.KernelLosses.THREADS_WITHOUT_INDEX));
        losses.put(Loss.MISSED_WAKEUPS, get(RecordLayouts.KernelLosses.MISSED_WAKEUPS));
        losses.put(Loss.MISSED_SWITCHES, get(RecordLayouts.KernelLosses.MISSED_SWITCHES));
        losses.put(Loss.NEGATIVE_TIMES, get(RecordLayouts.KernelLosses.NEGATIVE_TIMES));
        losses.put(Loss.CROWDED_SUPPLIES, get(RecordLayouts.KernelLosses.CROWDED_SUPPLIES));
        losses.put(Loss.TRUNCATED_NAMES, get(RecordLayouts.KernelLosses.TRUNCATED_NAMES));
        losses.put(Loss.LOST_PAUSE_RECORDS, get(RecordLayouts.KernelLosses.LOST_PAUSE_RECORDS));
        losses.put(Loss.LOST_PAUSES, get(RecordLayouts.KernelLosses.LOST_PAUSES));
        losses.put(Loss.UNMATCHED_EVENTS, get(RecordLayouts.KernelLosses.UNMATCHED_EVENTS));
        losses.put(Loss.OPERATIONS_OVER_LIMIT, get(RecordLayouts.KernelLosses.OPERATIONS_OVER_LIMIT));
        losses.put(Loss.EVENTS_WITHOUT_PAGE, get(RecordLayouts.KernelLosses.EVENTS_WITHOUT_PAGE));
        losses.put(Loss.LOST_BLOCK_REQUESTS, get(RecordLayouts.KernelLosses.LOST_BLOCK_REQUESTS));
        losses.put(Loss.DISKS_OVER_LIMIT, get(RecordLayouts.KernelLosses.DISKS_OVER_LIMIT));
        losses.put(Loss.LOST_SLOW_EVENTS, get(RecordLayouts.KernelLosses.LOST_SLOW_EVENTS));
        losses.put(Loss.CONNECTIONS_OVER_LIMIT, get(RecordLayouts.KernelLosses.CONNECTIONS_OVER_LIMIT));
        losses.put(Loss.REMOTES_OVER_LIMIT, get(RecordLayouts.KernelLosses.REMOTES_OVER_LIMIT));
        losses.put(Loss.FAILED_COUNTER_READS, get(RecordLayouts.KernelLosses.FAILED_COUNTER_READS));
        losses.put(Loss.UNSPLIT_CONTEXTS, get(RecordLayouts.KernelLosses.UNSPLIT_CONTEXTS));
        losses.put(Loss.UNSPLIT_CONTEXT_NS, get(RecordLayouts.KernelLosses.UNSPLIT_CONTEXT_NS));
        losses.put(Loss.CONTEXT_STAYS_WITHOUT_PAGE, get(RecordLayouts.KernelLosses.CONTEXT_STAYS_WITHOUT_PAGE));
    }

    private long get(int counter) {
        return Words.getOpaqueLong(globals, Globals.LOSSES + counter);
    }
}
