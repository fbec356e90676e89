package io.bpfagent.correlation;

import java.util.List;
import java.util.Map;

/** Tells who the threads are. */
@FunctionalInterface
public interface IdentitySource {
    /**
     * The identities, by {@link LiveThread#tid()}, of those threads that are new or were renamed. A
     * thread that is absent is unchanged or, if nothing was known of it, still unknown. A source that
     * can tell that a thread is a native one gives it the kind {@link ThreadKind#OTHER} rather than
     * leaving it out: what stays unknown is counted in {@link Loss#UNIDENTIFIED_THREADS}.
     *
     * <p>Called once per {@link Ledger#read()}, by the reader thread. What it throws comes out of
     * {@code read()}, which may then be called again; nothing is lost.
     *
     * @param live every live thread that has a row; valid only during the call
     */
    Map<Integer, ThreadIdentity> identify(List<LiveThread> live);
}
