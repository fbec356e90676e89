package io.bpfagent.extension;

/** An extension that cannot be had. The message is one line: what, why, and what to do. */
public final class ExtensionException extends Exception {
    private static final long serialVersionUID = 1;

    public ExtensionException(String message) {
        super(message);
    }
}
