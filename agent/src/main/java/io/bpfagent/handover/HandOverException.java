package io.bpfagent.handover;

/** Says why a hand-over was not made: what follows a first phrase, up to the full stop. */
public final class HandOverException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With the reason, without a full stop. */
    public HandOverException(String reason) {
        super(reason);
    }
}
