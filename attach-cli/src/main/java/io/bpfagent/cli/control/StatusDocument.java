package io.bpfagent.cli.control;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The answer to {@code status}.
 *
 * @param state {@code on}, {@code starting}, {@code waiting}, {@code off} or {@code failed}
 * @param error why it failed, null otherwise
 * @param sinceNs how long ago the agent began, null from an agent that does not say
 * @param kernelMemoryBytes what the maps take, null likewise
 * @param arguments as given, null likewise
 * @param jar the copy out of which an attach-cli has started the agent, as the JVM sees it; null where nobody has
 * @param losses by key, all of them
 * @param cost what the agent costs, null before the first second is over and from an agent that does not say
 */
public record StatusDocument(int schema, String version, String state, String error, Integer pid, Long sinceNs,
    Long kernelMemoryBytes, String arguments, String jar, List<Probe> probes, Map<String, Long> losses, Cost cost) {

    public StatusDocument {
        version = Objects.requireNonNullElse(version, "?");
        state = Objects.requireNonNullElse(state, "?");
        probes = probes == null ? List.of() : List.copyOf(probes);
        losses = losses == null ? Map.of() : losses;
    }

    /**
     * What the agent took in the last five seconds or so.
     *
     * @param wallNs how long that was
     * @param hostCpuNs CPU time of the JVM
     * @param threadCpuNs of the agent's threads
     * @param programNs of its programs in the kernel
     * @param share of the JVM's CPU time, 0 to 1
     * @param maxShare what it may be, null: anything
     * @param note what is to be said about that, or null
     * @param programsKnownBy {@code kernel}, {@code calibration} or {@code estimate}
     * @param allocatedBytesPerSecond in the heap, null where it is not known
     * @param mappedBytes of the maps, what the JVM has mapped
     */
    public record Cost(long wallNs, long hostCpuNs, long threadCpuNs, long programNs, double share, Double maxShare,
        String note, String programsKnownBy, Long allocatedBytesPerSecond, long mappedBytes) {
    }

    /**
     * One probe.
     *
     * @param status {@code attached}, {@code unsupported}, {@code failed} or {@code off}
     * @param runs how often it ran, 0 while the kernel does not count
     * @param nsPerRun its mean cost, 0 while the kernel does not count
     */
    public record Probe(String name, String status, String detail, long runs, double nsPerRun) {

        public static final String ATTACHED = "attached";

        public Probe {
            status = Objects.requireNonNullElse(status, "?");
            detail = Objects.requireNonNullElse(detail, "");
        }
    }
}
