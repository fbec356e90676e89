package io.bpfagent.correlation.slow;

import java.util.List;

/** Where Java stacks come from. Asked by the reader thread only. */
public interface StackSource {
    /**
     * What Java code the thread is in, innermost frame first, as {@link StackTraceElement#toString} has it; empty if it
     * has ended or is in none. Throws nothing.
     *
     * @param javaId {@code Thread.getId()}, never 0
     */
    List<String> stackOf(long javaId);
}
