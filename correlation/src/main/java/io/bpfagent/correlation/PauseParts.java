package io.bpfagent.correlation;

import java.util.Objects;

/**
 * Where the wall time of a pause went: at each moment one of these.
 *
 * @param reachingNs until all threads had stopped
 * @param workingNs  then: the VM thread or at least one GC worker was on a CPU
 * @param noCpuNs    none of them was on a CPU and at least one could have run
 * @param vmBlocked  none could run: by the state in which the VM thread was blocked
 */
public record PauseParts(long reachingNs, long workingNs, long noCpuNs, PauseTimes vmBlocked) {
    public PauseParts {
        Objects.requireNonNull(vmBlocked, "vmBlocked");
    }

    /** All of it, ns. */
    public long sumNs() {
        return reachingNs + workingNs + noCpuNs + vmBlocked.wallNs();
    }
}
