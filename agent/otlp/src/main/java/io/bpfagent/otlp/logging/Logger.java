package io.bpfagent.otlp.logging;

/** Of {@code java.util.logging.Logger} what the SDK calls, which the tests of the jar compare; nothing is logged. */
public final class Logger {
    private static final Logger ONLY = new Logger();

    private Logger() {
    }

    /** The same one for all names. */
    public static Logger getLogger(String name) {
        return ONLY;
    }

    /** Never. */
    public boolean isLoggable(Level level) {
        return false;
    }

    /** Does nothing. */
    public void log(Level level, String message) {
        // What matters is told by the extension itself.
    }

    /** Does nothing. */
    public void log(Level level, String message, Throwable thrown) {
        // What matters is told by the extension itself.
    }

    /** Does nothing. */
    public void warning(String message) {
        // What matters is told by the extension itself.
    }

    /** Does nothing. */
    public void info(String message) {
        // What matters is told by the extension itself.
    }

    /** Does nothing. */
    public void fine(String message) {
        // What matters is told by the extension itself.
    }
}
