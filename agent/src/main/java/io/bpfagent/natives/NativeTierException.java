package io.bpfagent.natives;

/**
 * Says why the native libraries could not be opened: one line with what failed, why and what to do,
 * fit to be shown to the user as it is.
 */
public final class NativeTierException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With the whole line. */
    public NativeTierException(String message) {
        super(message);
    }

    /** With the whole line and what led to it. */
    public NativeTierException(String message, Throwable cause) {
        super(message, cause);
    }
}
