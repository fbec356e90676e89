package io.bpfagent.agent;

/** How much the agent says on stderr; each level contains the ones before it. */
public enum LogLevel {
    /** Nothing at all. */
    OFF,
    /** One line when something is wrong. The default. */
    ERROR,
    /** Also when the agent begins and ends. */
    INFO,
    /** As {@link #INFO} so far. */
    DEBUG;

    /** Tells whether a line of the given level is printed at this one. */
    public boolean prints(LogLevel line) {
        return line != OFF && line.ordinal() <= ordinal();
    }
}
