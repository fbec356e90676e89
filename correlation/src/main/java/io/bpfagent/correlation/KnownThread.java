package io.bpfagent.correlation;

import java.util.Objects;

/**
 * A thread that records name by its row.
 *
 * @param row        the row's number
 * @param generation the row's generation when the thread was in it
 * @param tid        in the innermost pid namespace, as the JVM and jstack show it
 * @param identity   who it is as far as that is known
 */
public record KnownThread(int row, int generation, int tid, ThreadIdentity identity) {
    public KnownThread {
        Objects.requireNonNull(identity, "identity");
    }
}
