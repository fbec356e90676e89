package io.bpfagent.kernel;

import io.bpfagent.natives.LibC;
import java.util.concurrent.locks.LockSupport;

/** The kernel's own knowledge of when all that runs on other CPUs has ended. Any thread. */
final class GracePeriod {
    private static final int MEMBARRIER_X86_64 = 324;
    private static final int MEMBARRIER_ARM64 = 283;
    /** MEMBARRIER_CMD_GLOBAL, since Linux 4.3: waits as synchronize_rcu() does, under which programs run. */
    private static final int GLOBAL = 1;
    /**
     * Where it is forbidden, or a CPU runs without ticks: a program takes microseconds, unless its CPU is taken away.
     */
    private static final long OTHERWISE_NS = 20_000_000;

    private GracePeriod() {}

    /** Waits until every program that runs now has ended: some 10 ms. */
    static void pass(LibC libC) {
        int membarrier = System.getProperty("os.arch", "").equals("aarch64") ? MEMBARRIER_ARM64 : MEMBARRIER_X86_64;
        if (libC.syscall(membarrier, GLOBAL, 0, 0) != 0) {
            LockSupport.parkNanos(OTHERWISE_NS);
        }
    }
}
