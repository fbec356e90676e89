package io.bpfagent.hooks.requests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bpfagent.boot.Spans;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Scope;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SpanHookTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String OUTER = "00f067aa0ba902b7";
    private static final String INNER = "e457b5a2e4d86bd1";
    private static Woven woven;

    @BeforeAll
    static void weave() {
        woven = new Woven();
    }

    @AfterAll
    static void restore() {
        woven.close();
    }

    private static Span span(String id) {
        return Span.wrap(SpanContext.create(TRACE, id, TraceFlags.getDefault(), TraceState.getDefault()));
    }

    private static String current() {
        long[] ids = new long[3];
        HexFormat hex = HexFormat.of();
        return Spans.read(Spans.current(), ids) ? hex.toHexDigits(ids[0]) + hex.toHexDigits(ids[1]) + " "
                + hex.toHexDigits(ids[2]) : "-";
    }

    @Test
    void isThatOfTheThread() {
        assertEquals("-", current());
        Span outer = span(OUTER);
        try (Scope scope = outer.makeCurrent()) {
            assertEquals(TRACE + " " + OUTER, current());
            for (int i = 0; i < 10_000; i++) {
                try (Scope within = span(INNER).makeCurrent()) {
                    assertEquals(TRACE + " " + INNER, current());
                }
                assertEquals(TRACE + " " + OUTER, current());
            }
        }
        assertEquals("-", current());
        assertEquals(2, woven.report("opentelemetry").classes());
    }
}
