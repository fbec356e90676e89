package io.bpfagent.cli.doctor;

/** How it is with a condition. The names are those of the document. */
public enum Verdict {
    /** As it must be. */
    OK,
    /** Attaching works, something else does not. */
    WARNING,
    /** It could not be looked at, and may prevent attaching. */
    UNKNOWN,
    /** Attaching will not work. */
    FAILED
}
