package io.bpfagent.boot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.records.RecordLayouts.ContextSlot;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SpansTest {
    private static final int MANY = 20_000;
    private static final String TRACE = "%032x";
    private static final String SPAN = "%016x";

    @BeforeEach
    void install() {
        ContextRuntime.install(ByteBuffer.allocateDirect(ContextSlot.SIZE), () -> 0, 0);
    }

    @AfterEach
    void uninstall() {
        Spans.clear();
        ContextRuntime.uninstall();
    }

    private static int number(long trace, long span) {
        Spans.set(String.format(TRACE, trace), String.format(SPAN, span));
        return Spans.current();
    }

    /** A span with others in it takes one place, however many these are. */
    @Test
    void keepTheNumberOfTheOuterOne() {
        int outer = number(1, 2);
        for (int i = 3; i < 1_000; i++) {
            assertNotEquals(outer, number(1, i));
            assertEquals(outer, number(1, 2));
        }
        assertNotEquals(outer, number(2, 2));
    }

    @Test
    void giveAnotherNumberToWhatIsWrittenOverSoon() {
        int outer = number(3, 4);
        for (int i = 5; i < MANY; i++) {
            number(3, i);
        }
        int anew = number(3, 4);
        assertNotEquals(outer, anew);
        long[] ids = new long[3];
        assertTrue(Spans.read(anew, ids));
        assertArrayEquals(new long[] {0, 3, 4}, ids);
    }
}
