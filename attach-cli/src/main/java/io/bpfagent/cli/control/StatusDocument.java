package io.bpfagent.cli.control;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The answer to {@code status}.
 *
 * @param state {@code on}, {@code starting}, {@code off} or {@code failed}
 * @param error why it failed, null otherwise
 * @param sinceNs how long ago the agent began, null from an agent that does not say
 * @param kernelMemoryBytes what the maps take, null likewise
 * @param arguments as given, null likewise
 * @param losses by key, all of them
 */
public record StatusDocument(int schema, String version, String state, String error, Integer pid, Long sinceNs,
    Long kernelMemoryBytes, String arguments, List<Probe> probes, Map<String, Long> losses) {

    public StatusDocument {
        state = Objects.requireNonNullElse(state, "?");
        probes = probes == null ? List.of() : List.copyOf(probes);
        losses = losses == null ? Map.of() : losses;
    }

    /**
     * One probe.
     *
     * @param status {@code attached}, {@code unsupported} or {@code failed}
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
