package io.opentelemetry.javaagent.shaded.io.opentelemetry.api.trace;

/**
 * What the compiler has to know of the class of this name in OpenTelemetry's Java agent. It is not in any jar of ours.
 */
public interface SpanContext {
    /** Whether it is one at all. */
    boolean isValid();

    /** 32 hexadecimal digits. */
    String getTraceId();

    /** 16 hexadecimal digits. */
    String getSpanId();
}
