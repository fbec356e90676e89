package io.bpfagent.hotspot;

/** What else is to be known of a function whose calls are measured. */
public enum CallKind {
    /** Nothing. */
    PLAIN,
    /** A result below 0 is a failure. */
    CAN_FAIL,
    /**
     * A read or write of a channel: its third argument is a handle of a {@code FileDescriptor}, which may be a file's
     * or a socket's; when the result is {@code IOStatus.UNAVAILABLE} there was nothing to read or no room to write.
     */
    OF_CHANNEL
}
