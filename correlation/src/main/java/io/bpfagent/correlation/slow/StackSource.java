package io.bpfagent.correlation.slow;

import java.util.List;

/** Where Java stacks come from. Asked by the reader thread only. */
public interface StackSource {
    /**
     * What Java code the thread is in, innermost frame first, {@code package.Class.method(File.java:42)}; empty if it
     * has ended or is in none. Throws nothing.
     *
     * @param javaId {@code Thread.getId()}, never 0
     */
    List<String> stackOf(long javaId);
}
