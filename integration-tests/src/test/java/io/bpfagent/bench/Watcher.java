package io.bpfagent.bench;

import io.bpfagent.it.HostJvm;
import java.util.Set;

/** Something that watches a JVM by BPF programs. */
interface Watcher {
    /** As the tables name it. */
    String name();

    /** Why it cannot be had here; null when it can. */
    String missing();

    /** Begins to watch that JVM; its programs are attached soon after. */
    void start(HostJvm jvm);

    /** Ids of its programs in the kernel, while it watches. */
    Set<Integer> programs();

    /** Its programs are gone soon after. */
    void stop();
}
