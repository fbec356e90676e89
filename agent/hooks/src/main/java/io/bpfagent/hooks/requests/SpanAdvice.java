package io.bpfagent.hooks.requests;

import io.bpfagent.boot.Spans;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import net.bytebuddy.asm.Advice;

/** OpenTelemetry's API makes another span current on a thread, or the one before again. */
final class SpanAdvice {
    private SpanAdvice() {}

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
