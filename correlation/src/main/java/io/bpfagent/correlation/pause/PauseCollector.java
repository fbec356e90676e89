package io.bpfagent.correlation.pause;

import io.bpfagent.correlation.KernelMemory;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.Words;
import io.bpfagent.correlation.ring.RingMemory;
import io.bpfagent.correlation.ring.RingReader;
import io.bpfagent.records.RecordLayouts.Globals;
import io.bpfagent.records.RecordLayouts.KernelLosses;
import io.bpfagent.records.RecordLayouts.OccupantRecord;
import io.bpfagent.records.RecordLayouts.Pause;
import io.bpfagent.records.RecordLayouts.PauseFlags;
import io.bpfagent.records.RecordLayouts.PauseRecord;
import io.bpfagent.records.RecordLayouts.PauseRecordKind;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.records.RecordLayouts.StayRecord;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;

/**
 * Takes what the kernel side sent out of the ring and keeps it until it has been made use of: the pauses that
 * wait to be taken apart, and the records that belong to them or to the pause that is under way.
 *
 * <p>A pause is sent at its end, after most of its records; those of the last stays come later still. So all
 * records are kept from the begin of the first pause that waits, or of the one that is under way.
 *
 * <p>One thread. No bytes in the ring make it throw. Heap: a {@link RecordLog}, and 100 bytes for each of
 * at most {@value Snapshot#MOST_PAUSES} pauses that wait: of more, the first are lost, and counted.
 */
final class PauseCollector implements RingReader.Sink {
    /** The kernel's largest CONFIG_NR_CPUS. */
    private static final int MOST_CPUS = 8192;
    /** By how much clocks of run queues and the one for pauses may differ: some scheduler ticks. */
    private static final long CLOCKS_NS = 10_000_000;
    /** Times later than that from now are garbage. */
    private static final long FUTURE_NS = 1_000_000_000;
    private static final long NONE = Long.MIN_VALUE;

    private final RingReader ring;
    private final ByteBuffer globals;
    private final LongSupplier clockNs;
    private final int rows;
    private final int ringBytes;
    private final RecordLog log;
    private final ArrayDeque<EndedPause> waiting = new ArrayDeque<>();

    private boolean busy;
    private long lastNumber;
    private long latestNs;
    private long kernelLost;
    private long lostRecords;
    private long lostPauses;
    /** Up to then records may be missing: of pauses that began before. */
    private long lossNs = NONE;

    PauseCollector(RingMemory ring, KernelMemory memory, LongSupplier clockNs) {
        this.ring = new RingReader(ring, PauseRecord.SIZE);
        this.globals = memory.globals();
        this.clockNs = clockNs;
        this.rows = memory.rowCount();
        this.ringBytes = ring.dataBytes();
        this.log = new RecordLog(ringBytes);
    }

    RecordLog log() {
        return log;
    }

    /** The pauses that wait, in the order of their ends. */
    ArrayDeque<EndedPause> waiting() {
        return waiting;
    }

    /** Records that were in the ring and could not be kept or understood. */
    long lostRecords() {
        return lostRecords;
    }

    /** Pauses for which there was no room among those that wait: nobody ever saw them. */
    long lostPauses() {
        return lostPauses;
    }

    /** Whether more than an eighth of the ring was full at the last look. */
    boolean isBusy() {
        return busy;
    }

    /** Takes all records out of the ring, and notes how full it was. */
    void look() {
        busy = Long.compareUnsigned(ring.waitingBytes(), ringBytes / 8) > 0;
        collect();
    }

    /**
     * Takes all records out of the ring, and forgets those that no pause needs; false if one of them is still being
     * written: then nothing is forgotten, for behind it may be the pause that needs them.
     */
    boolean collect() {
        long neededFromNs = beginOfOpenPause();
        boolean all = ring.drain(this);
        noteKernelLosses();
        if (all) {
            if (!waiting.isEmpty()) {
                neededFromNs = Math.min(neededFromNs, waiting.peekFirst().beginNs());
            }
            log.forgetBefore(Math.max(0, neededFromNs - CLOCKS_NS));
        }
        return all;
    }

    /**
     * To be read before the producer's position is, with which {@code drain} begins. The kernel side first sends a
     * pause and then closes it: one that was found closed stands before that position, and if all up to there
     * was taken out, it waits. And it first sets a pause's begin and then opens it: one that was not open yet needs
     * no record from before now, and the begin of an open one is its own, or by now that of a later one; then it
     * has been sent.
     */
    private long beginOfOpenPause() {
        long nowNs = clockNs.getAsLong();
        boolean open = Words.getAcquire(globals, Globals.PAUSE + Pause.OPEN) != 0;
        return open ? Math.min(nowNs, beginNs()) : nowNs;
    }

    private long beginNs() {
        return Words.getOpaqueLong(globals, Globals.PAUSE + Pause.RECORD + PauseRecord.BEGIN_NS);
    }

    private void noteKernelLosses() {
        long lost = Words.getOpaqueLong(globals, Globals.LOSSES + KernelLosses.LOST_PAUSE_RECORDS);
        if (lost != kernelLost) {
            kernelLost = lost;
            lossNs = Math.max(lossNs, clockNs.getAsLong());
        }
    }

    /** Whether something of the pause is missing, as far as is known by now. */
    boolean isIncomplete(EndedPause pause) {
        return !pause.reached() || pause.lost() != 0 || pause.beginNs() < lossNs;
    }

    @Override
    public void garbage() {
        lostRecords++;
        lossNs = Math.max(lossNs, clockNs.getAsLong());
    }

    @Override
    public void accept(ByteBuffer record, int length) {
        int kind = record.get(StayRecord.KIND);
        boolean kept = switch (kind) {
            case PauseRecordKind.RECORD_STAY -> length == StayRecord.SIZE && keepStay(record);
            case PauseRecordKind.RECORD_OCCUPANT -> length == OccupantRecord.SIZE && keepOccupant(record);
            case PauseRecordKind.RECORD_PAUSE -> length == PauseRecord.SIZE && keepPause(record);
            default -> false;
        };
        if (!kept) {
            garbage();
        }
    }

    private boolean keepStay(ByteBuffer record) {
        int state = record.get(StayRecord.STATE);
        int next = record.get(StayRecord.NEXT_STATE);
        int row = Words.getShort(record, StayRecord.ROW);
        int cpu = Words.getShort(record, StayRecord.CPU);
        long sinceNs = record.getLong(StayRecord.SINCE_NS);
        long untilNs = record.getLong(StayRecord.UNTIL_NS);
        boolean valid = isState(state) && isState(next) && row < rows && cpu < MOST_CPUS && isTime(sinceNs, untilNs);
        return valid && log.addStay(Records.thread(row, record.getInt(StayRecord.GENERATION)), state, next,
                record.get(StayRecord.FLAGS), cpu, sinceNs, untilNs, record.getInt(StayRecord.MINOR_FAULTS),
                record.getInt(StayRecord.MAJOR_FAULTS));
    }

    private boolean keepOccupant(ByteBuffer record) {
        int kind = record.get(OccupantRecord.OCCUPANT);
        int cpu = Words.getShort(record, OccupantRecord.CPU);
        long untilNs = record.getLong(OccupantRecord.UNTIL_NS);
        boolean valid = kind > 0 && kind <= 15 && cpu < MOST_CPUS && isTime(0, untilNs);
        return valid && log.addOccupant(kind, cpu, untilNs, record.getLong(OccupantRecord.COMM),
                record.getLong(OccupantRecord.COMM + Long.BYTES));
    }

    private boolean keepPause(ByteBuffer record) {
        int flags = record.get(PauseRecord.FLAGS);
        long beginNs = record.getLong(PauseRecord.BEGIN_NS);
        long endNs = record.getLong(PauseRecord.END_NS);
        boolean reached = (flags & PauseFlags.PAUSE_REACHED) != 0;
        long reachedNs = reached ? record.getLong(PauseRecord.REACHED_NS) : endNs;
        int row = Words.getShort(record, PauseRecord.ROW);
        // The kernel's number goes round after 50 days with 1,000 pauses a second.
        int further = record.getInt(PauseRecord.NUMBER) - (int) lastNumber;
        if (further <= 0 || row >= rows || !isTime(beginNs, reachedNs) || !isTime(reachedNs, endNs)) {
            return false;
        }
        lastNumber += further;
        waiting.add(new EndedPause(lastNumber, beginNs, reachedNs, endNs, reached,
                Words.getShort(record, PauseRecord.OPERATION), (flags & PauseFlags.PAUSE_GC) != 0,
                Records.thread(row, record.getInt(PauseRecord.GENERATION)),
                Integer.toUnsignedLong(record.getInt(PauseRecord.LOST)),
                difference(record, PauseRecord.MINOR_FAULTS, PauseRecord.FIRST_MINOR_FAULTS),
                difference(record, PauseRecord.MAJOR_FAULTS, PauseRecord.FIRST_MAJOR_FAULTS)));
        if (waiting.size() > Snapshot.MOST_PAUSES) {
            waiting.removeFirst();
            lostPauses++;
        }
        return true;
    }

    private static long difference(ByteBuffer record, int counter, int first) {
        return Integer.toUnsignedLong(record.getInt(counter) - record.getInt(first));
    }

    private static boolean isState(int state) {
        return state >= 0 && state < RecordSizes.STATES;
    }

    private boolean isTime(long fromNs, long toNs) {
        if (fromNs < 0 || fromNs > toNs) {
            return false;
        }
        if (toNs > latestNs) {
            // Looked up again only then: this process may have been stopped between two records.
            latestNs = clockNs.getAsLong() + FUTURE_NS;
        }
        return toNs <= latestNs;
    }
}
