package io.bpfagent.correlation;

import java.util.List;

/**
 * Who a thread is as long as the {@link IdentitySource} has not said it, and for ever if it ended
 * before: the name that {@code thread__start} gave, else what the kernel calls it.
 */
final class ProvisionalIdentity {
    /** Beginnings of the names that HotSpot gives its own threads (17 to 25), as far as 15 bytes show them. */
    private static final List<String> COMPILERS = List.of("C1 Compiler", "C2 Compiler", "JVMCI Compiler");
    private static final List<String> COLLECTORS = List.of("GC Thread", "G1 Main Marker", "G1 Conc#", "G1 Refine#",
            "G1 Service", "ParGC Thread", "ZWorker", "ZDirector", "ZDriver", "ZStat", "ZUncommitter", "ZUnmapper",
            "Shenandoah");
    private static final List<String> MACHINE = List.of("VM Thread", "VM Periodic");

    private ProvisionalIdentity() {
    }

    /** @param startName the name from {@code thread__start}, or null */
    static ThreadIdentity of(long javaId, String startName, String comm) {
        if (startName != null) {
            // Compiler threads are Java threads to HotSpot and come and go: many end unasked.
            return new ThreadIdentity(javaId, startName,
                    isOneOf(COMPILERS, startName) ? ThreadKind.COMPILER : ThreadKind.JAVA);
        }
        ThreadKind kind = isOneOf(COMPILERS, comm) ? ThreadKind.COMPILER
                : isOneOf(COLLECTORS, comm) ? ThreadKind.GC
                : isOneOf(MACHINE, comm) ? ThreadKind.VM
                : ThreadKind.OTHER;
        return new ThreadIdentity(0, comm, kind);
    }

    private static boolean isOneOf(List<String> beginnings, String name) {
        for (String beginning : beginnings) {
            if (name.startsWith(beginning)) {
                return true;
            }
        }
        return false;
    }
}
