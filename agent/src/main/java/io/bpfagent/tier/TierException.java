package io.bpfagent.tier;

/** A tier cannot be had. The message says why and what to do, and ends with a full stop. */
public final class TierException extends Exception {
    private static final long serialVersionUID = 1L;

    TierException(String whyAndRemedy) {
        super(whyAndRemedy);
    }
}
