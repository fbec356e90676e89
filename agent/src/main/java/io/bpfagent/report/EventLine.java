package io.bpfagent.report;

import io.bpfagent.correlation.SlowEvent;
import io.bpfagent.correlation.SlowEvent.Actor;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.WaitedOn;

/** A slow event in one line, for people: what a notification says. */
final class EventLine {
    private EventLine() {
    }

    /** For example {@code slow event 17: blocked_disk 178.2 ms: exec-7; fsync /srv/journal; woken by interrupt}. */
    static String of(SlowEvent event) {
        StringBuilder line = new StringBuilder(120).append("slow event ").append(event.number()).append(": ")
                .append(event.metric().metric()).append(' ');
        PauseLine.ms(line, event.durationNs()).append(" ms: ");
        String name = event.thread().name();
        line.append(name.isEmpty() ? "tid " + event.tid() : name);
        if (event.virtual() != null) {
            line.append(", virtual thread #").append(event.virtual().id());
            line.append(event.virtual().name().isEmpty() ? "" : " " + event.virtual().name());
        }
        String on = on(event.on());
        if (!on.isEmpty()) {
            line.append("; ").append(on);
        }
        Actor actor = event.actor();
        if (actor != null) {
            line.append(event.metric() == ThreadState.RUNNABLE ? "; behind " : "; woken by ")
                    .append(Labels.of(actor.kind())).append(actor.name().isEmpty() ? "" : " " + actor.name());
        }
        return line.toString();
    }

    private static String on(WaitedOn on) {
        StringBuilder words = new StringBuilder();
        known(words, on.syscall());
        known(words, on.path());
        known(words, on.address());
        known(words, on.host());
        known(words, on.device() == null ? null : on.device() + " sector " + on.sector());
        known(words, EventDocument.futex(on));
        known(words, EventDocument.errno(on));
        return words.toString();
    }

    private static void known(StringBuilder words, String word) {
        if (word != null) {
            words.append(words.isEmpty() ? "" : " ").append(word);
        }
    }
}
