package io.opentelemetry.javaagent.shaded.io.opentelemetry.api.trace;

/**
 * What the compiler has to know of the class of this name in OpenTelemetry's Java agent. It is not in any jar of ours.
 */
public interface Span {
    /** Of the current thread. */
    static Span current() {
        throw new UnsupportedOperationException();
    }

    /** Which it is. */
    SpanContext getSpanContext();
}
