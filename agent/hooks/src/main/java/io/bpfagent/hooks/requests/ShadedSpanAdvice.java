package io.bpfagent.hooks.requests;

import io.bpfagent.boot.Spans;
import io.opentelemetry.javaagent.shaded.io.opentelemetry.api.trace.Span;
import io.opentelemetry.javaagent.shaded.io.opentelemetry.api.trace.SpanContext;
import net.bytebuddy.asm.Advice;

/**
 * The copy of OpenTelemetry's API that its Java agent brings makes another span current on a thread, or the one before
 * again.
 */
final class ShadedSpanAdvice {
    private ShadedSpanAdvice() {}

    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
    static void exit() {
        SpanContext span = Span.current().getSpanContext();
        if (span.isValid()) {
            Spans.set(span.getTraceId(), span.getSpanId());
        } else {
            Spans.clear();
        }
    }
}
