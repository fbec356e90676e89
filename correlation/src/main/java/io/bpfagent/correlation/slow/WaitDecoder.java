package io.bpfagent.correlation.slow;

import io.bpfagent.correlation.KernelMemory;
import io.bpfagent.correlation.SyscallNames;
import io.bpfagent.correlation.WaitedOn;
import io.bpfagent.correlation.Words;
import io.bpfagent.records.RecordLayouts.Disk;
import io.bpfagent.records.RecordLayouts.RecordSizes;
import io.bpfagent.records.RecordLayouts.SlowFlags;
import io.bpfagent.records.RecordLayouts.SlowRecord;
import io.bpfagent.records.RecordLayouts.ThreadMetric;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** What a slow event waited for, out of its record. One thread; no bytes whatever make it throw. */
final class WaitDecoder {
    /** The kernel's, include/linux/socket.h. */
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;
    /** Without the 0: a name of that length may have been longer. */
    private static final int MOST_NAME_BYTES = RecordSizes.NAME_PART_BYTES - 1;
    private static final String CUT = "...";

    private final KernelMemory kernel;

    WaitDecoder(KernelMemory kernel) {
        this.kernel = kernel;
    }

    /** The record's bytes up to the end of its text, to be read. */
    ByteBuffer wrap(byte[] record) {
        return ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The name of the process, or the thread of the kernel, that had to do with it. */
    String comm(ByteBuffer record) {
        return text(record, SlowRecord.ACTOR_COMM, RecordSizes.COMM_BYTES);
    }

    private static String text(ByteBuffer record, int at, int bytes) {
        byte[] text = new byte[bytes];
        record.get(at, text);
        return Words.text(text, bytes);
    }

    WaitedOn waitedOn(ByteBuffer record) {
        int flags = record.get(SlowRecord.FLAGS);
        boolean isDns = (flags & SlowFlags.SLOW_STATE) == 0 && record.get(SlowRecord.METRIC) == ThreadMetric.METRIC_DNS;
        boolean hasDisk = (flags & SlowFlags.SLOW_DISK) != 0;
        String given = (flags & SlowFlags.SLOW_STRING) != 0 ? given(record) : null;
        long object = record.getLong(SlowRecord.OBJECT);
        return new WaitedOn(
                (flags & SlowFlags.SLOW_SYSCALL) != 0 ? SyscallNames.of(Words.getShort(record, SlowRecord.SYSCALL))
                : null,
                (flags & SlowFlags.SLOW_PATH) != 0 ? path(record, flags) : isDns ? null : given,
                (flags & SlowFlags.SLOW_SOCKET) != 0 ? address(record) : null,
                isDns ? given : null,
                hasDisk ? disk(Byte.toUnsignedInt(record.get(SlowRecord.DISK))) : null,
                hasDisk ? object : 0,
                hasDisk ? Integer.toUnsignedLong(record.getInt(SlowRecord.BYTES)) : 0,
                (flags & SlowFlags.SLOW_FUTEX) != 0 ? object : 0,
                record.getInt(SlowRecord.ERROR));
    }

    private static int textBytes(ByteBuffer record) {
        return Math.min(Words.getShort(record, SlowRecord.TEXT_BYTES), record.capacity() - SlowRecord.TEXT);
    }

    private static String given(ByteBuffer record) {
        int bytes = textBytes(record);
        String given = text(record, SlowRecord.TEXT, bytes);
        // With its 0 it fills the room: there may have been more of it.
        return bytes == RecordSizes.SLOW_TEXT_BYTES ? given + CUT : given;
    }

    /** Its names stand there from the file's own up to the root's. Null if there is none: a pipe, say. */
    private static String path(ByteBuffer record, int flags) {
        String path = "";
        int begin = SlowRecord.TEXT;
        int end = begin + textBytes(record);
        for (int at = begin; at < end; at++) {
            if (record.get(at) == 0) {
                byte[] name = new byte[at - begin];
                record.get(begin, name);
                path = "/" + new String(name, StandardCharsets.UTF_8) + (name.length >= MOST_NAME_BYTES ? CUT : "")
                        + path;
                begin = at + 1;
            }
        }
        if (path.isEmpty()) {
            return null;
        }
        return (flags & SlowFlags.SLOW_PATH_CUT) != 0 ? CUT + path : path;
    }

    private static String address(ByteBuffer record) {
        int family = Words.getShort(record, SlowRecord.FAMILY);
        if (family == AF_UNIX) {
            return "unix";
        }
        if (family != AF_INET && family != AF_INET6) {
            return null;
        }
        byte[] bytes = new byte[family == AF_INET ? IPV4_BYTES : IPV6_BYTES];
        record.get(SlowRecord.ADDRESS, bytes);
        int port = Words.getShort(record, SlowRecord.PORT);
        try {
            // Of an IPv4 address in an IPv6 socket this makes the IPv4 one. No name is looked up.
            String text = InetAddress.getByAddress(bytes).getHostAddress();
            return port == 0 ? null : (text.indexOf(':') >= 0 ? "[" + text + "]" : text) + ":" + port;
        } catch (UnknownHostException e) {
            return null; // not with these lengths
        }
    }

    private String disk(int number) {
        if (number >= RecordSizes.DISKS || Words.getAcquire(kernel.disks(), number * Disk.SIZE + Disk.NAMED) == 0) {
            return null;
        }
        return text(kernel.disks(), number * Disk.SIZE + Disk.NAME, RecordSizes.DISK_NAME_BYTES);
    }
}
