package io.bpfagent.report;

import java.util.List;

/**
 * What the agent itself costs. CPU times are of the agent's threads and of its programs in the kernel; those of the
 * host are what its threads ran, the agent's included. Immutable.
 *
 * @param window      the last five seconds or so
 * @param total       since the agent began to count
 * @param startCpuNs  CPU time of the agent's thread before that: loading and attaching; -1 when it is not known
 * @param knownBy     how the time of the programs is known
 * @param mapBytes    of the kernel's memory for the maps
 * @param mappedBytes of that, what the host has mapped and so counts as resident
 * @param maxShare    the argument {@code max-cost}: 0.05 is 5 %; 0: there is no limit
 * @param note        what is to be said about that, one line, or null
 * @param probes      what the programs cost, one by one
 */
public record Cost(Window window, Window total, long startCpuNs, KnownBy knownBy, long mapBytes, long mappedBytes,
        double maxShare, String note, List<ProbeCost> probes) {
    public Cost {
        probes = List.copyOf(probes);
    }

    /** How the time of the programs is known. */
    public enum KnownBy {
        /** The kernel measures all runs ({@code kernel.bpf_stats_enabled}), also those for other processes. */
        KERNEL("kernel"),
        /** It has measured some on this machine, for an eighth of a second; since then the agent counts them. */
        CALIBRATION("calibration"),
        /** Nobody has: their number times what one took on another machine. */
        ESTIMATE("estimate");

        private final String label;

        KnownBy(String label) {
            this.label = label;
        }

        /** The word in reports. */
        public String label() {
            return label;
        }
    }

    /**
     * Some time.
     *
     * @param wallNs         how long
     * @param hostCpuNs      CPU time of all threads of the JVM, the agent's included
     * @param threadCpuNs    of the agent's own threads
     * @param programNs      of its programs in the kernel, entering them included
     * @param allocatedBytes by its threads in the heap; -1 when it is not known
     */
    public record Window(long wallNs, long hostCpuNs, long threadCpuNs, long programNs, long allocatedBytes) {
        /** The agent's part of the host's CPU time, 0 to 1; of a host that does nothing, 0. */
        public double share() {
            // Programs that run for other processes are no time of the host's.
            double host = Math.max(hostCpuNs, (double) agentNs());
            return host <= 0 ? 0 : agentNs() / host;
        }

        /** Threads and programs together. */
        public long agentNs() {
            return threadCpuNs + programNs;
        }

        /** What was allocated in a second, bytes; -1 when it is not known. */
        public double allocatedPerSecond() {
            return allocatedBytes < 0 || wallNs <= 0 ? -1 : allocatedBytes * 1e9 / wallNs;
        }
    }
}
