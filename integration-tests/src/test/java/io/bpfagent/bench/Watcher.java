package io.bpfagent.bench;

import io.bpfagent.it.HostJvm;
import java.util.Set;

/** Something that watches a JVM, most of them by BPF programs. */
interface Watcher {
    /** As the tables name it. */
    String name();

    /** Why it cannot be had here; null when it can. */
    String missing();

    /**
     * Begins to watch that JVM; its programs are attached soon after.
     *
     * @throws AssertionError if it cannot; then nothing of it is left
     */
    void start(HostJvm jvm);

    /** Ids of its programs in the kernel, while it watches; none of one that has no programs. */
    Set<Integer> programs();

    /** Its programs are gone soon after. */
    void stop();
}
