package io.bpfagent.report;

import java.util.Objects;

/**
 * One thing that the agent attaches to, and whether that worked.
 *
 * @param name     what it is, for example {@code sched_switch} or {@code thread__start}
 * @param status   one of {@link #ATTACHED}, {@link #UNSUPPORTED}, {@link #FAILED}, {@link #OFF}
 * @param detail   how it is attached, or why not and what to do; may be empty
 * @param runs     how often its program ran; 0 when that is not known
 * @param nsPerRun what a run cost on average, ns; 0 when that is not known
 */
public record Probe(String name, String status, String detail, long runs, double nsPerRun) {
    /** It works. */
    public static final String ATTACHED = "attached";
    /** This JVM or kernel does not have it; the agent does without. */
    public static final String UNSUPPORTED = "unsupported";
    /** It should have worked and did not. */
    public static final String FAILED = "failed";
    /** It was turned off while the agent was there: by the user, or because the agent cost too much. */
    public static final String OFF = "off";

    /** Checks the status and takes a missing detail as empty. */
    public Probe {
        Objects.requireNonNull(name, "name");
        if (!ATTACHED.equals(status) && !UNSUPPORTED.equals(status) && !FAILED.equals(status)
                && !OFF.equals(status)) {
            throw new IllegalArgumentException(
                    "status must be attached, unsupported, failed or off, status=" + status);
        }
        detail = detail == null ? "" : detail;
    }

    /** What all its runs cost together, ns. */
    public double totalNs() {
        double total = runs * nsPerRun;
        return Double.isFinite(total) ? total : 0;
    }
}
