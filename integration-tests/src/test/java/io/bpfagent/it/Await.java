package io.bpfagent.it;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what comes soon, and fails when it does not. */
public final class Await {
    private static final long LOOK_MS = 20;

    private Await() {}

    /**
     * Returns once {@code condition} holds, which is asked every 20 ms.
     *
     * @throws AssertionError after {@code atMost}, with what {@code message} says then
     */
    public static void until(Duration atMost, Supplier<String> message, BooleanSupplier condition) {
        long end = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + atMost + ": " + message.get());
            }
            sleep(LOOK_MS);
        }
    }

    /** Thread.sleep; an interrupt ends the test. */
    public static void sleep(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
