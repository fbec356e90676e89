package io.bpfagent.correlation;

import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Where the time of a pause went, and who did what in it. Known from the beginning, or found out when somebody first
 * asks: of a hundred pauses a second hardly one is ever looked at, and code that never runs is never compiled.
 *
 * <p>To be asked on any thread, which may then work for well under a millisecond, and waits for others that do. What is
 * given is immutable, and always the same.
 */
public final class PauseDetail {
    /** Null once the rest is known. Guarded by this, as the rest. */
    private Supplier<PauseDetail> source;
    private PauseParts parts;
    private List<PauseThread> threads;

    /** One that is known; the list is copied. */
    public PauseDetail(PauseParts parts, List<PauseThread> threads) {
        this.parts = Objects.requireNonNull(parts, "parts");
        this.threads = List.copyOf(threads);
    }

    private PauseDetail(Supplier<PauseDetail> source) {
        this.source = Objects.requireNonNull(source, "source");
    }

    /** One that {@code source} tells when it is asked for; it is asked again only after it has thrown. */
    public static PauseDetail by(Supplier<PauseDetail> source) {
        return new PauseDetail(source);
    }

    /** Where the pause's wall time went; the parts add up to it. */
    public synchronized PauseParts parts() {
        findOut();
        return parts;
    }

    /** The VM thread, the GC workers that did something, and the late threads, latest last. */
    public synchronized List<PauseThread> threads() {
        findOut();
        return threads;
    }

    /** Under the lock. */
    private void findOut() {
        if (source != null) {
            PauseDetail found = source.get();
            parts = found.parts();
            threads = found.threads();
            source = null;
        }
    }

    @Override
    public String toString() {
        return "PauseDetail[" + parts() + ", " + threads() + "]";
    }
}
