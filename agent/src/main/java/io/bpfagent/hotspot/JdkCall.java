package io.bpfagent.hotspot;

import io.bpfagent.correlation.ThreadMetric;
import java.util.List;

/**
 * Functions whose calls are measured from entry to return: the JDK's own natives, and of libc what does not begin with
 * an instruction that must be single-stepped. A JDK has some of them: names differ between releases.
 *
 * @param metric  what a call counts as; of a channel's native, what it usually is
 * @param library the file's name begins so
 * @param names   of the functions
 * @param kind    what else is to be known of them
 * @param descriptor which argument of the C function is a handle of a {@code FileDescriptor}, from 1 on; 0: none
 */
record JdkCall(ThreadMetric metric, String library, List<String> names, CallKind kind, int descriptor) {
    static final String LIBC = "libc.so";
    private static final String NIO = "libnio.so";
    private static final String JAVA = "libjava.so";
    /** Those that the functions are in. */
    static final List<String> LIBRARIES = List.of(LIBC, NIO, JAVA);
    /**
     * To 20 sockets are written to by the native of files (SocketDispatcher had none of its own): without a look at the
     * descriptor nobody could tell which it was.
     */
    private static final List<String> SHARED = List.of("Java_sun_nio_ch_FileDispatcherImpl_write0",
            "Java_sun_nio_ch_FileDispatcherImpl_writev0");

    static final List<JdkCall> ALL = List.of(
            // open and open64 are one function on 64-bit machines
            new JdkCall(ThreadMetric.FILE_OPEN, LIBC, List.of("open64"), CallKind.CAN_FAIL, 0),
            new JdkCall(ThreadMetric.FILE_SYNC, NIO, List.of(
                    "Java_sun_nio_ch_FileDispatcherImpl_force0", // to 20
                    "Java_sun_nio_ch_UnixFileDispatcherImpl_force0",
                    "Java_java_nio_MappedMemoryUtils_force0"), CallKind.PLAIN, 3),
            new JdkCall(ThreadMetric.FILE_SYNC, JAVA, List.of(
                    "Java_java_io_FileDescriptor_sync", // to 20
                    "Java_java_io_FileDescriptor_sync0"), CallKind.PLAIN, 2),
            new JdkCall(ThreadMetric.SOCKET_CONNECT, NIO, List.of(
                    "Java_sun_nio_ch_UnixDomainSockets_connect0"), CallKind.PLAIN, 3),
            new JdkCall(ThreadMetric.SOCKET_CONNECT, NIO, List.of(
                    "Java_sun_nio_ch_Net_connect0"), CallKind.PLAIN, 4),
            new JdkCall(ThreadMetric.SOCKET_ACCEPT, NIO, List.of(
                    "Java_sun_nio_ch_Net_accept",
                    "Java_sun_nio_ch_UnixDomainSockets_accept0"), CallKind.PLAIN, 0),
            new JdkCall(ThreadMetric.DNS, LIBC, List.of("getaddrinfo"), CallKind.PLAIN, 0),
            new JdkCall(ThreadMetric.FILE_READ, JAVA, List.of(
                    "Java_java_io_FileInputStream_read0",
                    "Java_java_io_FileInputStream_readBytes",
                    "Java_java_io_RandomAccessFile_read0",
                    "Java_java_io_RandomAccessFile_readBytes", // to 20
                    "Java_java_io_RandomAccessFile_readBytes0"), CallKind.PLAIN, 0),
            new JdkCall(ThreadMetric.FILE_WRITE, JAVA, List.of(
                    "Java_java_io_FileOutputStream_write",
                    "Java_java_io_FileOutputStream_writeBytes",
                    "Java_java_io_RandomAccessFile_write0",
                    "Java_java_io_RandomAccessFile_writeBytes", // to 20
                    "Java_java_io_RandomAccessFile_writeBytes0"), CallKind.PLAIN, 0),
            new JdkCall(ThreadMetric.FILE_READ, NIO, List.of(
                    "Java_sun_nio_ch_FileDispatcherImpl_read0", // these to 20
                    "Java_sun_nio_ch_FileDispatcherImpl_readv0",
                    "Java_sun_nio_ch_FileDispatcherImpl_pread0",
                    "Java_sun_nio_ch_UnixFileDispatcherImpl_read0",
                    "Java_sun_nio_ch_UnixFileDispatcherImpl_readv0",
                    "Java_sun_nio_ch_UnixFileDispatcherImpl_pread0"), CallKind.OF_CHANNEL, 3),
            new JdkCall(ThreadMetric.FILE_WRITE, NIO, List.of(
                    SHARED.get(0), SHARED.get(1),
                    "Java_sun_nio_ch_FileDispatcherImpl_pwrite0", // to 20
                    "Java_sun_nio_ch_UnixFileDispatcherImpl_write0",
                    "Java_sun_nio_ch_UnixFileDispatcherImpl_writev0",
                    "Java_sun_nio_ch_UnixFileDispatcherImpl_pwrite0"), CallKind.OF_CHANNEL, 3),
            new JdkCall(ThreadMetric.SOCKET_READ, NIO, List.of(
                    "Java_sun_nio_ch_SocketDispatcher_read0",
                    "Java_sun_nio_ch_SocketDispatcher_readv0",
                    "Java_sun_nio_ch_DatagramDispatcher_read0",
                    "Java_sun_nio_ch_DatagramDispatcher_readv0",
                    "Java_sun_nio_ch_DatagramChannelImpl_receive0"), CallKind.OF_CHANNEL, 3),
            new JdkCall(ThreadMetric.SOCKET_WRITE, NIO, List.of(
                    "Java_sun_nio_ch_SocketDispatcher_write0", // from 21 on
                    "Java_sun_nio_ch_SocketDispatcher_writev0",
                    "Java_sun_nio_ch_DatagramDispatcher_write0",
                    "Java_sun_nio_ch_DatagramDispatcher_writev0",
                    "Java_sun_nio_ch_DatagramChannelImpl_send0",
                    "Java_sun_nio_ch_Net_sendOOB"), CallKind.OF_CHANNEL, 3));

    /** Whether a call of it may count as one of these. */
    boolean countsAs(List<ThreadMetric> metrics) {
        return metrics.contains(metric) || kind == CallKind.OF_CHANNEL && metrics.contains(otherOf(metric));
    }

    /** What it is when the descriptor is of the other kind. */
    private static ThreadMetric otherOf(ThreadMetric metric) {
        if (metric == ThreadMetric.FILE_READ || metric == ThreadMetric.SOCKET_READ) {
            return metric == ThreadMetric.FILE_READ ? ThreadMetric.SOCKET_READ : ThreadMetric.FILE_READ;
        }
        return metric == ThreadMetric.FILE_WRITE ? ThreadMetric.SOCKET_WRITE : ThreadMetric.FILE_WRITE;
    }

    /** Whether the function serves files and sockets alike. */
    static boolean isShared(String name) {
        return SHARED.contains(name);
    }
}
