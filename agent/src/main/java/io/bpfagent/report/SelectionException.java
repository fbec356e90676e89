package io.bpfagent.report;

/** Says that what was selected does not exist: one line that names what does. */
final class SelectionException extends Exception {
    private static final long serialVersionUID = 1L;

    SelectionException(String message) {
        super(message);
    }
}
