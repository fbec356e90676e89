package io.bpfagent.correlation;

import java.util.List;
import java.util.Locale;

/**
 * What threads do, besides being in a state: a histogram for each thread and pool. The order is that of {@code enum
 * thread_metric} in records.h: {@link #ordinal()} is the kernel's number.
 */
public enum ThreadMetric implements Metric {
    /** Files opened, by anybody in the process: {@code open} of libc. */
    FILE_OPEN("Files opened, by anybody in the process"),
    /** Those of them that could not be opened. */
    FILE_OPEN_FAILED("Files that could not be opened"),
    /** {@code FileChannel.force}, {@code FileDescriptor.sync} and what uses them. */
    FILE_SYNC("Files synced to their disk"),
    /** The system calls with which the JDK connects a socket. */
    SOCKET_CONNECT("Calls of the JDK that connect a socket"),
    /** The system calls with which the JDK accepts a connection; most of it is waiting for one. */
    SOCKET_ACCEPT("Calls of the JDK that accept a connection, with the wait for one"),
    /** Names looked up: {@code getaddrinfo} of libc. */
    DNS("Host names looked up by getaddrinfo"),
    /** Reads that the thread sent to a disk: from when the device got them until they were done. */
    BLOCK_READ("Reads from disks, while they were in the device"),
    /** Writes, likewise. */
    BLOCK_WRITE("Writes to disks, while they were in the device"),
    /** The same reads, before the device got them: in the kernel's queues. */
    BLOCK_READ_QUEUE("Reads from disks, while they were in the kernel's queues"),
    /** Writes, likewise. */
    BLOCK_WRITE_QUEUE("Writes to disks, while they were in the kernel's queues"),
    /** Sizes of those reads and writes, bytes. */
    BLOCK_IO_SIZE("Sizes of reads from disks and writes to them"),
    /** Memory that the thread itself had to make free, for the machine or its cgroup, before it got any. */
    RECLAIM("Memory that a thread had to make free itself"),
    /** Memory that the thread itself had to move together before it got a large piece. */
    COMPACTION("Memory that a thread had to move together itself"),
    /** TCP connections opened: from the first SYN until the peer has answered, whatever the call did meanwhile. */
    TCP_CONNECT("TCP connections opened, until the peer had answered"),
    /** Those that were refused or given up: until then. */
    TCP_CONNECT_FAILED("TCP connections that were refused or given up, until then"),
    /** What the JDK's own natives read from files, and from whatever is no socket. On request, as those below. */
    FILE_READ("Reads of the JDK from files"),
    /** Writes, likewise. */
    FILE_WRITE("Writes of the JDK to files"),
    /** What the JDK's own natives read from sockets, waiting included where the call waits. */
    SOCKET_READ("Reads of the JDK from sockets, with the wait"),
    /** Writes, likewise. */
    SOCKET_WRITE("Writes of the JDK to sockets, with the wait"),
    /**
     * The smoothed round trip of a connection: once for each snapshot before which the peer has acknowledged something,
     * counted for the process, and at its end, for the thread that closes it.
     */
    TCP_RTT("Smoothed round trips of TCP connections"),
    /** From when a connection was established until its end, of those whose begin was seen; of who closes it. */
    TCP_LIFE("TCP connections, from when they were established to their end");

    /** All by the kernel's number; shared, because {@code values()} copies. */
    public static final List<ThreadMetric> ALL = List.of(values());

    private final String metric = name().toLowerCase(Locale.ROOT);
    private final String what;

    ThreadMetric(String what) {
        this.what = what;
    }

    @Override
    public String metric() {
        return metric;
    }

    @Override
    public String what() {
        return what;
    }

    /** Whether it is of the JDK's reads and writes, of files or of sockets. */
    public boolean isOfReadsAndWrites() {
        return this == FILE_READ || this == FILE_WRITE || this == SOCKET_READ || this == SOCKET_WRITE;
    }

    @Override
    public boolean isOnRequest() {
        return isOfReadsAndWrites();
    }

    @Override
    public boolean isBytes() {
        return this == BLOCK_IO_SIZE;
    }
}
