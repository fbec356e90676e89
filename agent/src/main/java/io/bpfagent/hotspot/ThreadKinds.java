package io.bpfagent.hotspot;

import io.bpfagent.correlation.ThreadKind;

/**
 * What a thread is for, by its name.
 *
 * <p>The names are those of HotSpot 17 to 25; the kernel keeps 15 bytes of them. Threads of Java code
 * of the JDK (Reference Handler, Finalizer, Signal Dispatcher ...) are Java threads.
 */
final class ThreadKinds {
    private static final String CARRIER_CLASS = "jdk.internal.misc.CarrierThread";
    private static final String[] GC = {
        "GC Thread#", "ParGC Thread", "Gang worker", "Concurrent Mark", "G1 ", "Shenandoah", "StrDedup", "StringDedup",
        "ZDriver", "ZDirector", "ZWorker", "ZStat", "ZUncommitter", "ZUnmapper", "ZRuntimeWorker", "RuntimeWorker",
        "XDriver", "XDirector", "XWorker", "XStat", "XUncommitter", "XUnmapper", "XRuntimeWorker",
    };
    private static final String[] COMPILER = {"C1 CompilerThre", "C2 CompilerThre", "JVMCI"};
    private static final String[] VM = {
        "VM Thread", "VM Periodic Tas", "Sweeper thread", "Service Thread", "Monitor Deflati", "Notification Th",
        "AsyncLog Thread", "Logger thread", "JFR Sampler", "JFR CPU Sampler", "JFR Thread Samp",
    };

    private ThreadKinds() {}

    /** Of a thread that is not known as a Java thread, by the kernel's name of it. */
    static ThreadKind ofNative(String comm) {
        if (startsWithOneOf(comm, GC)) {
            return ThreadKind.GC;
        }
        if (startsWithOneOf(comm, COMPILER)) {
            return ThreadKind.COMPILER;
        }
        return startsWithOneOf(comm, VM) ? ThreadKind.VM : ThreadKind.OTHER;
    }

    /**
     * Of a Java thread.
     *
     * @param system whether it is in the system thread group, where an application's threads are not:
     *               only there is a name of the JVM's believed
     */
    static ThreadKind ofJava(Thread thread, String name, boolean system) {
        if (thread.getClass().getName().equals(CARRIER_CLASS)) {
            return ThreadKind.CARRIER;
        }
        return system ? ofStarted(name) : ThreadKind.JAVA;
    }

    /** Of a thread with a Java id of which only the name is known; no Java thread belongs to the GC. */
    static ThreadKind ofStarted(String name) {
        if (startsWithOneOf(name, COMPILER)) {
            return ThreadKind.COMPILER;
        }
        return startsWithOneOf(name, VM) ? ThreadKind.VM : ThreadKind.JAVA;
    }

    private static boolean startsWithOneOf(String name, String[] prefixes) {
        for (String prefix : prefixes) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
