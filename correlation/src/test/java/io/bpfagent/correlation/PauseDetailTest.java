package io.bpfagent.correlation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PauseDetailTest {
    private static final PauseParts PARTS = new PauseParts(1, 2, 3, PauseTimes.ZERO);
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void asksOnceAndNotBeforeItIsAsked() {
        PauseDetail detail = PauseDetail.by(() -> {
            asked.incrementAndGet();
            return new PauseDetail(PARTS, List.of());
        });
        assertEquals(0, asked.get());
        assertSame(PARTS, detail.parts());
        assertSame(PARTS, detail.parts());
        assertEquals(List.of(), detail.threads());
        assertEquals(1, asked.get());
    }

    @Test
    void asksAgainAfterAFailure() {
        PauseDetail detail = PauseDetail.by(() -> {
            if (asked.incrementAndGet() == 1) {
                throw new OutOfMemoryError("just now");
            }
            return new PauseDetail(PARTS, List.of());
        });
        assertThrows(OutOfMemoryError.class, detail::threads);
        assertSame(PARTS, detail.parts());
        assertEquals(2, asked.get());
    }
}
