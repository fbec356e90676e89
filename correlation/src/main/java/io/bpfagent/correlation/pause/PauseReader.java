package io.bpfagent.correlation.pause;

import io.bpfagent.correlation.KernelMemory;
import io.bpfagent.correlation.Loss;
import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.ThreadLookup;
import io.bpfagent.correlation.Words;
import io.bpfagent.correlation.ring.RingMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Reads the pauses that the BPF programs record.
 *
 * <p>Assumptions: one thread calls it, the one that reads the ledger; {@link #look} several times a second,
 * because the ring holds no more, and {@link #read} soon when it says so; the memory stays mapped.
 *
 * <p>Guarantees: no content of the memory makes it throw. Until the first pause it maps and makes nothing, and
 * no other class of this package is loaded. What could not be kept or understood is counted, and the pauses that it
 * may belong to are {@link Pause#incomplete()}. Where the ring cannot be mapped there are no pauses, and a
 * {@link #problem}.
 *
 * <p>Heap, with the usual ring of 512 KiB at most 10 MiB:
 * <ul>
 * <li>for each of the last {@value Snapshot#MOST_PAUSES} pauses 2 to 5 KiB with 10 GC threads, or, until somebody has
 * asked for it, {@value Records#BYTES} bytes for each of its records, which are then at most 256 and one for each CPU
 * and GC thread: 2.5 MiB with 16 of these;
 * <li>for each record that waits {@value Records#BYTES} bytes, of at most 65,536 or as many as the ring holds: 2.3 MiB;
 * <li>for each record of a pause that is being taken apart up to 330 bytes, 100 to 200 as measured, and its copy. This
 * reader is stopped in a pause too, so one has no more records than the ring holds, 40 bytes each: 4.6 MiB. That of
 * more than 4,096 records, 1.3 MiB, is not kept for the next pause, and the room of the records is given back after
 * half a minute.
 * </ul>
 */
public final class PauseReader {
    private final RingMemory ring;
    private final KernelMemory memory;
    private final ThreadLookup threads;
    private final LongSupplier clockNs;
    private final LongSupplier wallMs;
    /** Null until there is something in the ring. */
    private PauseCollector collector;
    private PauseFinisher finisher;
    private String problem;
    private List<Pause> pauses = List.of();

    /**
     * A reader that has read nothing.
     *
     * @param clockNs now, on the clock of the records
     * @param wallMs  now, ms since 1970
     */
    public PauseReader(RingMemory ring, KernelMemory memory, ThreadLookup threads, LongSupplier clockNs,
            LongSupplier wallMs) {
        this.ring = ring;
        this.memory = memory;
        this.threads = threads;
        this.clockNs = clockNs;
        this.wallMs = wallMs;
    }

    /** Empties the ring. True when there are pauses that {@link #read} has not given yet. Cheap. */
    public boolean look() {
        if (!isUsed()) {
            return false;
        }
        collector.look();
        return !collector.waiting().isEmpty();
    }

    /** Whether more than an eighth of the ring was full at the last {@link #look}: look again sooner than usual. */
    public boolean isBusy() {
        return collector != null && collector.isBusy();
    }

    /**
     * Whether at the last {@link #look} half as many pauses waited as are kept, {@value Snapshot#MOST_PAUSES}: unless
     * {@link #read} is called soon, the first of them will be in no snapshot.
     */
    public boolean isCrowded() {
        return collector != null && collector.waiting().size() >= Snapshot.MOST_PAUSES / 2;
    }

    /** Why no pause can be listed, or null. Known when the first pause is there. */
    public String problem() {
        return problem;
    }

    /**
     * The last {@value Snapshot#MOST_PAUSES} pauses, oldest first. To be called after the ledger has been read, so
     * that threads are known by their names. A pause is given 25 ms after its end at the earliest.
     */
    public List<Pause> read() {
        if (isUsed()) {
            List<Pause> more = finisher.finish();
            if (!more.isEmpty()) {
                append(more);
            }
        }
        return pauses;
    }

    /** The snapshot with the pauses, and with what was lost of them here; {@link #read} is not to be called beside. */
    public Snapshot addTo(Snapshot snapshot) {
        List<Pause> read = read();
        if (collector == null) {
            return snapshot;
        }
        return snapshot.withPauses(read)
                .plus(Loss.LOST_PAUSE_RECORDS, collector.lostRecords())
                .plus(Loss.LOST_PAUSES, collector.lostPauses())
                .plus(Loss.INCOMPLETE_PAUSES, finisher.incompletePauses());
    }

    private boolean isUsed() {
        // The producer's position: as long as it is 0 there was no pause, and nothing of this is loaded.
        if (collector == null && problem == null && Words.getAcquireLong(ring.producer(), 0) != 0) {
            begin();
        }
        return collector != null;
    }

    private void begin() {
        try {
            collector = new PauseCollector(ring, memory, clockNs);
            finisher = new PauseFinisher(collector, memory, threads, clockNs, wallMs);
        } catch (IllegalStateException e) {
            problem = e.getMessage() == null ? e.toString() : e.getMessage();
        }
    }

    private void append(List<Pause> more) {
        int kept = Math.min(pauses.size(), Snapshot.MOST_PAUSES - more.size());
        List<Pause> all = new ArrayList<>(kept + more.size());
        all.addAll(pauses.subList(pauses.size() - kept, pauses.size()));
        all.addAll(more);
        pauses = List.copyOf(all);
    }
}
