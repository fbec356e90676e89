package io.bpfagent.hotspot;

import io.bpfagent.correlation.ThreadMetric;
import java.util.List;

/**
 * Functions whose calls are measured from entry to return: the JDK's own natives, and of libc what does not begin with
 * an instruction that must be single-stepped. A JDK has some of them: names differ between releases.
 *
 * @param metric  what a call counts as
 * @param library the file's name begins so
 * @param names   of the functions
 * @param canFail whether a result below 0 is a failure, which {@code file_open_failed} counts
 */
record JdkCall(ThreadMetric metric, String library, List<String> names, boolean canFail) {
    static final String LIBC = "libc.so";
    /** Those that the functions are in. */
    static final List<String> LIBRARIES = List.of(LIBC, "libnio.so", "libjava.so");

    static final List<JdkCall> ALL = List.of(
            // open and open64 are one function on 64-bit machines
            new JdkCall(ThreadMetric.FILE_OPEN, LIBC, List.of("open64"), true),
            new JdkCall(ThreadMetric.FILE_SYNC, "libnio.so", List.of(
                    "Java_sun_nio_ch_FileDispatcherImpl_force0", // to 20
                    "Java_sun_nio_ch_UnixFileDispatcherImpl_force0",
                    "Java_java_nio_MappedMemoryUtils_force0"), false),
            new JdkCall(ThreadMetric.FILE_SYNC, "libjava.so", List.of(
                    "Java_java_io_FileDescriptor_sync", // to 20
                    "Java_java_io_FileDescriptor_sync0"), false),
            new JdkCall(ThreadMetric.SOCKET_CONNECT, "libnio.so", List.of(
                    "Java_sun_nio_ch_Net_connect0",
                    "Java_sun_nio_ch_UnixDomainSockets_connect0"), false),
            new JdkCall(ThreadMetric.SOCKET_ACCEPT, "libnio.so", List.of(
                    "Java_sun_nio_ch_Net_accept",
                    "Java_sun_nio_ch_UnixDomainSockets_accept0"), false),
            new JdkCall(ThreadMetric.DNS, LIBC, List.of("getaddrinfo"), false));
}
