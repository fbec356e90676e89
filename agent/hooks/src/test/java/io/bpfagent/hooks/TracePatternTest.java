package io.bpfagent.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TracePatternTest {
    @ParameterizedTest
    @CsvSource({
        "com.acme.OrderService.place*, com.acme.OrderService, placeOrder, true",
        "com.acme.OrderService.place*, com.acme.OrderService, place, true",
        "com.acme.OrderService.place*, com.acme.OrderService, replace, false",
        "com.acme.OrderService.place*, com.acme.OrderService2, place, false",
        "com.acme.*.save, com.acme.orders.Repo, save, true",
        "com.acme.*.save, com.acme.orders.Repo$Cache, save, true",
        "*Repo.*, com.acme.Repo, anything, true",
        "com.acme.Repo.*a*b, com.acme.Repo, xaxabb, true",
        "com.acme.Repo.*a*b, com.acme.Repo, xaxabc, false"})
    void aStarStandsForAnyCharacters(String text, String className, String method, boolean expected) {
        TracePattern pattern = TracePattern.of(text);
        assertEquals(expected, pattern.matchesClass(className) && pattern.matchesMethod(method));
        assertEquals(text, pattern.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"save", ".save", "a.", "a..b", "*.save", "*.*", "a.b-c", "a.b c", "a.<init>",
            "java.lang.String.*",
        "jdk.internal.X.y", "io.bpfagent.boot.ContextRuntime.enter", "a=b.c"})
    void whatIsNoMethodIsRefused(String text) {
        assertNull(TracePattern.of(text));
        assertNotNull(TracePattern.problem(text));
    }

    @Test
    void whoWantsOneKindWantsContexts() {
        assertFalse(ContextSettings.OFF.on());
        assertTrue(new ContextSettings(false, List.of(), true, false).on());
        assertTrue(new ContextSettings(false, List.of(TracePattern.of("a.b")), false, false).on());
        assertTrue(new ContextSettings(false, List.of(), false, true).on());
    }
}
