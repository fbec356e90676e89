package io.bpfagent.kernel;

/** The kernel side cannot be had. The message is the one line that the user sees: what, why, what to do. */
public final class KernelException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With the whole line. */
    public KernelException(String message) {
        super(message);
    }
}
