package io.bpfagent.correlation;

import io.bpfagent.correlation.ring.FakeRing;
import io.bpfagent.records.RecordLayouts.Globals;
import io.bpfagent.records.RecordLayouts.KernelLosses;
import io.bpfagent.records.RecordLayouts.OccupantRecord;
import io.bpfagent.records.RecordLayouts.Pause;
import io.bpfagent.records.RecordLayouts.PauseFlags;
import io.bpfagent.records.RecordLayouts.PauseRecord;
import io.bpfagent.records.RecordLayouts.PauseRecordKind;
import io.bpfagent.records.RecordLayouts.PauseRole;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.records.RecordLayouts.StayRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** pauses.h: what {@link FakeKernel} sends of single pauses. */
public final class FakePauses {
    private static final long UNDER_WAY = -1;
    /** The record of the pause that is under way. */
    private static final int PAUSE = Globals.PAUSE + Pause.RECORD;

    private final FakeKernel kernel;
    public FakeRing ring = new FakeRing(1 << 18);

    FakePauses(FakeKernel kernel) {
        this.kernel = kernel;
    }

    /** safepoint__begin */
    public void begins(FakeThread vm) {
        put(PauseRecord.KIND, (byte) PauseRecordKind.RECORD_PAUSE);
        put(PauseRecord.FLAGS, (byte) 0);
        kernel.globals.putShort(PAUSE + PauseRecord.OPERATION, (short) RecordSizes.OPERATIONS);
        kernel.globals.putShort(PAUSE + PauseRecord.ROW, (short) vm.row);
        kernel.globals.putInt(PAUSE + PauseRecord.GENERATION, vm.generation);
        kernel.globals.putInt(PAUSE + PauseRecord.NUMBER, kernel.globals.getInt(PAUSE + PauseRecord.NUMBER) + 1);
        kernel.globals.putLong(PAUSE + PauseRecord.BEGIN_NS, kernel.nowNs);
        kernel.globals.putInt(PAUSE + PauseRecord.FIRST_MINOR_FAULTS, vm.minorFaults);
        kernel.globals.putInt(PAUSE + PauseRecord.FIRST_MAJOR_FAULTS, vm.majorFaults);
        kernel.globals.putInt(Globals.PAUSE + Pause.LOST, 0);
        kernel.globals.putInt(Globals.PAUSE + Pause.OPEN, 1);
        kernel.globals.putLong(Globals.WATCHED_UNTIL_NS, UNDER_WAY);
    }

    /** The first vmops__begin. */
    public void reached(int operation, boolean gc) {
        kernel.globals.putShort(PAUSE + PauseRecord.OPERATION, (short) operation);
        kernel.globals.putLong(PAUSE + PauseRecord.REACHED_NS, kernel.nowNs);
        put(PauseRecord.FLAGS, (byte) (PauseFlags.PAUSE_REACHED | (gc ? PauseFlags.PAUSE_GC : 0)));
    }

    /** safepoint__end */
    public void ends(FakeThread vm) {
        kernel.globals.putLong(PAUSE + PauseRecord.END_NS, kernel.nowNs);
        kernel.globals.putLong(Globals.WATCHED_UNTIL_NS, kernel.nowNs);
        kernel.globals.putInt(PAUSE + PauseRecord.MINOR_FAULTS, vm.minorFaults);
        kernel.globals.putInt(PAUSE + PauseRecord.MAJOR_FAULTS, vm.majorFaults);
        kernel.globals.putInt(PAUSE + PauseRecord.LOST, kernel.globals.getInt(Globals.PAUSE + Pause.LOST));
        byte[] record = new byte[PauseRecord.SIZE];
        kernel.globals.get(PAUSE, record);
        if (ring.put(record) < 0) {
            kernel.lose(KernelLosses.LOST_PAUSES);
        }
        kernel.globals.putInt(Globals.PAUSE + Pause.OPEN, 0);
    }

    private void put(int field, byte value) {
        kernel.globals.put(PAUSE + field, value);
    }

    public boolean isOpen() {
        return kernel.globals.getLong(Globals.WATCHED_UNTIL_NS) == UNDER_WAY;
    }

    private boolean tellsSomething(FakeThread thread) {
        if (thread.state == ThreadState.RUNNING) {
            return true;
        }
        if (!isOpen() && thread.state != ThreadState.RUNNABLE) {
            return false;
        }
        return isOpen() && !isReached() || kernel.roleOf(thread) != PauseRole.ROLE_STOPPED;
    }

    /** change_state, before it changes the row. */
    void stayEnds(FakeThread thread, ThreadState next, int flags) {
        long watchedUntilNs = kernel.globals.getLong(Globals.WATCHED_UNTIL_NS);
        if (Long.compareUnsigned(thread.sinceNs, watchedUntilNs) < 0 && !isTold(thread) && tellsSomething(thread)) {
            thread.told = sendStay(thread, next, flags) && next == ThreadState.RUNNABLE;
        } else {
            thread.told = false;
        }
    }

    private boolean isTold(FakeThread thread) {
        return thread.told && thread.state == ThreadState.RUNNABLE && isOpen() && isReached()
                && thread.sinceNs > kernel.globals.getLong(PAUSE + PauseRecord.BEGIN_NS)
                && thread.row != Short.toUnsignedInt(kernel.globals.getShort(PAUSE + PauseRecord.ROW))
                && kernel.roleOf(thread) == PauseRole.ROLE_WORKER;
    }

    private boolean isReached() {
        return (kernel.globals.get(PAUSE + PauseRecord.FLAGS) & PauseFlags.PAUSE_REACHED) != 0;
    }

    private boolean sendStay(FakeThread thread, ThreadState next, int flags) {
        ByteBuffer record = record(StayRecord.SIZE, PauseRecordKind.RECORD_STAY);
        record.put(StayRecord.STATE, (byte) thread.state.ordinal());
        record.put(StayRecord.NEXT_STATE, (byte) next.ordinal());
        record.put(StayRecord.FLAGS, (byte) flags);
        record.putShort(StayRecord.ROW, (short) thread.row);
        record.putShort(StayRecord.CPU, (short) thread.cpu);
        record.putLong(StayRecord.SINCE_NS, thread.sinceNs);
        record.putLong(StayRecord.UNTIL_NS, kernel.nowNs);
        record.putInt(StayRecord.GENERATION, thread.generation);
        record.putInt(StayRecord.HOST_TID, thread.hostTid);
        record.putInt(StayRecord.MINOR_FAULTS, thread.minorFaults);
        record.putInt(StayRecord.MAJOR_FAULTS, thread.majorFaults);
        return send(record);
    }

    /** send_occupant, after it has been found that there is a thread that may be waiting. */
    public void occupant(int cpu, int kind, String comm) {
        ByteBuffer record = record(OccupantRecord.SIZE, PauseRecordKind.RECORD_OCCUPANT);
        byte[] name = comm.getBytes(StandardCharsets.UTF_8);
        record.put(OccupantRecord.OCCUPANT, (byte) kind);
        record.putShort(OccupantRecord.CPU, (short) cpu);
        record.putLong(OccupantRecord.UNTIL_NS, kernel.nowNs);
        record.put(OccupantRecord.COMM, name, 0, Math.min(name.length, RecordSizes.COMM_BYTES - 1));
        send(record);
    }

    private static ByteBuffer record(int bytes, int kind) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN).put(0, (byte) kind);
    }

    private boolean send(ByteBuffer record) {
        boolean sent = ring.put(record.array()) >= 0;
        if (!sent) {
            kernel.lose(KernelLosses.LOST_PAUSE_RECORDS);
            int at = Globals.PAUSE + Pause.LOST;
            kernel.globals.putInt(at, kernel.globals.getInt(at) + 1);
        }
        return sent;
    }
}
