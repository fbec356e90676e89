package io.bpfagent.find;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NamePatternTest {
    @ParameterizedTest
    @CsvSource({
        "collect, true", "COLLECT, true", "heap::co, true", "libjvm:g1, true", "uprobe:, true", "collector, false",
        "'', true", "*, true", "g1*::collect, true", "*::collect, true", "*collect*, true", "collect*, false",
        "uprobe:*, true", "uprobe:*:G1CollectedHeap::*, true", "*heap, false", "g1collectedheap::collect*, true",
        "**c**t**, true", "*x*, false",
    })
    void matches(String pattern, boolean expected) {
        assertEquals(expected, new NamePattern(pattern).matches("uprobe:libjvm:", "G1CollectedHeap::collect"));
    }

    @Test
    void manyStarsEndSoon() {
        assertEquals(false, new NamePattern("*a".repeat(500) + "*b").matches("", "a".repeat(4_000)));
    }
}
