package io.bpfagent.report;

import io.bpfagent.correlation.Pause;
import io.bpfagent.correlation.PauseParts;
import io.bpfagent.correlation.PauseRole;
import io.bpfagent.correlation.PauseThread;

/** A pause in one line, for people: what a notification says. */
final class PauseLine {
    private static final long TENTH_OF_MS = 100_000;
    private static final int TENTHS = 10;

    private PauseLine() {
    }

    /** For example {@code pause 17: ThreadDump 17.2 ms: reaching 2.1, working 11.0, no CPU 4.1, blocked 0.0}. */
    static String of(Pause pause) {
        PauseParts parts = pause.parts();
        StringBuilder line = new StringBuilder(120).append("pause ").append(pause.number()).append(": ")
                .append(pause.operation()).append(' ');
        ms(line, pause.totalNs()).append(" ms: reaching ");
        ms(line, parts.reachingNs()).append(", working ");
        ms(line, parts.workingNs()).append(", no CPU ");
        ms(line, parts.noCpuNs()).append(", blocked ");
        ms(line, parts.vmBlocked().wallNs());
        String late = lateThreads(pause);
        if (!late.isEmpty()) {
            line.append("; late: ").append(late);
        }
        return line.append(pause.incomplete() ? "; incomplete" : "").toString();
    }

    /** The late threads, the latest last, joined by a comma and a blank: names, or tids where nobody told them. */
    static String lateThreads(Pause pause) {
        StringBuilder names = new StringBuilder();
        for (PauseThread thread : pause.threads()) {
            if (thread.role() == PauseRole.LATE) {
                names.append(names.isEmpty() ? "" : ", ")
                        .append(thread.name().isEmpty() ? "tid " + thread.tid() : thread.name());
            }
        }
        return names.toString();
    }

    /** Adds a time, in ms with one decimal. */
    static StringBuilder ms(StringBuilder line, long ns) {
        long tenths = (ns + TENTH_OF_MS / 2) / TENTH_OF_MS;
        return line.append(tenths / TENTHS).append('.').append(tenths % TENTHS);
    }
}
