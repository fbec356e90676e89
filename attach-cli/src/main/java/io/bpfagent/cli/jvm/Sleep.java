package io.bpfagent.cli.jvm;

import io.bpfagent.cli.errors.CliError;

/** Waiting between two looks at another process. */
public final class Sleep {

    private Sleep() {
    }

    /** Sleeps; an interrupt ends the command. */
    public static void ms(long durationMs) {
        try {
            Thread.sleep(durationMs);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw CliError.UNEXPECTED.because(": interrupted while waiting. Run the command again.", interrupted);
        }
    }
}
