package io.bpfagent.correlation;

import java.util.Objects;

/**
 * A span of a trace, as OpenTelemetry names them.
 *
 * @param trace the trace's id: 32 hexadecimal digits
 * @param span  the span's id: 16 hexadecimal digits
 */
public record TraceSpan(String trace, String span) {
    public TraceSpan {
        Objects.requireNonNull(trace, "trace");
        Objects.requireNonNull(span, "span");
    }

    /** Of the numbers that the ids are: both halves of the trace's, and the span's. */
    public static TraceSpan of(long traceHigh, long traceLow, long span) {
        return new TraceSpan(hex(traceHigh) + hex(traceLow), hex(span));
    }

    private static String hex(long id) {
        String digits = Long.toHexString(id);
        return "0".repeat(16 - digits.length()) + digits;
    }
}
