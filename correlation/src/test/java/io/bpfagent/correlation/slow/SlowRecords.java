package io.bpfagent.correlation.slow;

import io.bpfagent.correlation.FakeThread;
import io.bpfagent.correlation.ThreadMetric;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.records.RecordLayouts.SlowFlags;
import io.bpfagent.records.RecordLayouts.SlowRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A record as slow.h makes it. */
final class SlowRecords {
    private final ByteBuffer record = ByteBuffer.allocate(SlowRecord.SIZE).order(ByteOrder.LITTLE_ENDIAN);

    private SlowRecords(FakeThread thread, long sinceNs, long untilNs) {
        // What the ring had there before is not set back.
        for (int at = SlowRecord.TEXT; at < SlowRecord.SIZE; at++) {
            record.put(at, (byte) 'x');
        }
        record.putShort(SlowRecord.ROW, (short) (thread == null ? 0 : thread.row));
        record.putInt(SlowRecord.GENERATION, thread == null ? 0 : thread.generation);
        record.putInt(SlowRecord.HOST_TID, thread == null ? 0 : thread.hostTid);
        record.putLong(SlowRecord.SINCE_NS, sinceNs).putLong(SlowRecord.UNTIL_NS, untilNs);
        record.put(SlowRecord.DISK, (byte) RecordSizes.DISKS);
    }

    static SlowRecords state(FakeThread thread, ThreadState state, long sinceNs, long untilNs) {
        return new SlowRecords(thread, sinceNs, untilNs).metric(state.ordinal()).flag(SlowFlags.SLOW_STATE);
    }

    static SlowRecords call(FakeThread thread, ThreadMetric metric, long sinceNs, long untilNs) {
        return new SlowRecords(thread, sinceNs, untilNs).metric(metric.ordinal());
    }

    SlowRecords metric(int metric) {
        record.put(SlowRecord.METRIC, (byte) metric);
        return this;
    }

    SlowRecords flag(int flag) {
        record.put(SlowRecord.FLAGS, (byte) (record.get(SlowRecord.FLAGS) | flag));
        return this;
    }

    SlowRecords cpu(int cpu) {
        record.putShort(SlowRecord.CPU, (short) cpu);
        return this;
    }

    SlowRecords syscall(int number) {
        record.putShort(SlowRecord.SYSCALL, (short) number);
        return flag(SlowFlags.SLOW_SYSCALL);
    }

    SlowRecords futex(long address) {
        record.putLong(SlowRecord.OBJECT, address);
        return flag(SlowFlags.SLOW_FUTEX);
    }

    SlowRecords error(int errno) {
        record.putInt(SlowRecord.ERROR, errno);
        return this;
    }

    SlowRecords request(int disk, long sector, int bytes) {
        record.put(SlowRecord.DISK, (byte) disk).putLong(SlowRecord.OBJECT, sector).putInt(SlowRecord.BYTES, bytes);
        return flag(SlowFlags.SLOW_DISK);
    }

    SlowRecords socket(int family, int port, int... address) {
        record.putShort(SlowRecord.FAMILY, (short) family).putShort(SlowRecord.PORT, (short) port);
        for (int i = 0; i < address.length; i++) {
            record.put(SlowRecord.ADDRESS + i, (byte) address[i]);
        }
        return flag(SlowFlags.SLOW_SOCKET);
    }

    SlowRecords actor(int kind, int pid, String comm) {
        record.put(SlowRecord.ACTOR, (byte) kind).putInt(SlowRecord.ACTOR_PID, pid);
        byte[] bytes = comm.getBytes(StandardCharsets.UTF_8);
        record.put(SlowRecord.ACTOR_COMM, bytes);
        return this;
    }

    SlowRecords actor(int kind, FakeThread thread) {
        record.putShort(SlowRecord.ACTOR_ROW, (short) thread.row).putInt(SlowRecord.ACTOR_GENERATION,
                thread.generation);
        return actor(kind, 4711, "");
    }

    /** Each part with its 0. */
    SlowRecords text(int flag, String... parts) {
        int at = SlowRecord.TEXT;
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            record.put(at, bytes).put(at + bytes.length, (byte) 0);
            at += bytes.length + 1;
        }
        record.putShort(SlowRecord.TEXT_BYTES, (short) (at - SlowRecord.TEXT));
        return flag(flag);
    }

    byte[] bytes() {
        return record.array();
    }
}
