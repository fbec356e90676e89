package io.bpfagent.hooks.weave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.boot.ContextRuntime;
import io.bpfagent.hooks.api.ApiHook;
import org.junit.jupiter.api.Test;

class InstalledTest {
    private static final int NUMBER = 63;

    private final long beganNs = System.nanoTime();
    private final Installed hook = new Installed(new ApiHook(), NUMBER);

    private static void fail(int times, Throwable thrown) {
        for (int i = 0; i < times; i++) {
            ContextRuntime.hookFailed(NUMBER, thrown);
        }
    }

    @Test
    void tenFailuresInAMinuteAreEnoughAndStaySo() {
        fail(9, new ArithmeticException());
        assertFalse(hook.hasFailed(beganNs));
        fail(1, new ArithmeticException());
        assertTrue(hook.hasFailed(beganNs));
        assertTrue(hook.hasFailed(beganNs + 3 * Installed.WINDOW_NS));
    }

    @Test
    void nineInAMinuteAreNotHoweverManyMinutes() {
        for (int minute = 1; minute <= 5; minute++) {
            fail(9, new ArithmeticException());
            hook.failed("a.B", new ArithmeticException());
            assertFalse(hook.hasFailed(beganNs + 2 * minute * Installed.WINDOW_NS));
        }
        assertEquals(50, hook.report(0, false).failed());
    }

    @Test
    void thatTheHostHasNoMemoryIsNoFailure() {
        fail(20, new OutOfMemoryError());
        fail(20, new StackOverflowError());
        assertFalse(hook.hasFailed(beganNs));
        assertEquals(0, hook.report(0, false).failed());
    }
}
