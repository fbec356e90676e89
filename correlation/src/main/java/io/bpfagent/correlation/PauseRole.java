package io.bpfagent.correlation;

import java.util.Locale;

/** What a thread had to do with a pause. */
public enum PauseRole {
    /** It made the pause: the VM thread. */
    VM,
    /** It worked for the garbage collector in it. */
    GC,
    /** The pause waited for it to stop, longer than for most. */
    LATE;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name in reports. */
    public String label() {
        return label;
    }
}
