package io.bpfagent.agent;

/**
 * Lines on the host's stderr, never more than asked for. Any thread.
 *
 * <p>stderr is looked up for each line: the host may redirect it.
 */
final class Log {
    private volatile LogLevel level = LogLevel.ERROR;
    private volatile boolean silent;

    void level(LogLevel wanted) {
        level = wanted;
    }

    /** Nothing more is printed, whatever the level. */
    void silence() {
        silent = true;
    }

    void print(LogLevel line, String text) {
        if (!silent && level.prints(line)) {
            try {
                System.err.println("bpf-agent: " + text);
            } catch (RuntimeException | Error e) {
                // The host's own stream: null, closed or anything else. Or no memory is left for the
                // line. The status has it too.
                return;
            }
        }
    }
}
