package io.bpfagent.kernel;

import io.bpfagent.find.ProbeSpec;
import java.util.List;

/**
 * Which programs of {@code user_probe.bpf.c} serve a probe.
 *
 * @param begin  runs where it begins, or where it is counted
 * @param end    runs where it ends; null where it is counted only
 * @param isCall whether it ends where the function returns that has begun
 */
record UserPrograms(String begin, String end, boolean isCall) {
    /** All that there are, but that which forgets. */
    static final List<String> ALL = List.of("user_begins", "user_ends", "user_count", "user_event_begins",
            "user_event_ends", "user_event_count");

    static UserPrograms of(ProbeSpec spec) {
        boolean isTracepoint = spec.kind() == ProbeSpec.Kind.TRACEPOINT;
        boolean isCall = spec.kind() == ProbeSpec.Kind.UPROBE && spec.end() == null && spec.valueArgument() == 0;
        if (spec.end() == null && !isCall) {
            return new UserPrograms(isTracepoint ? "user_event_count" : "user_count", null, false);
        }
        return isTracepoint ? new UserPrograms("user_event_begins", "user_event_ends", false)
                : new UserPrograms("user_begins", "user_ends", isCall);
    }

    boolean hasEnd() {
        return end != null;
    }

    boolean contains(String program) {
        return program.equals(begin) || program.equals(end);
    }

    List<String> names() {
        return end == null ? List.of(begin) : List.of(begin, end);
    }
}
