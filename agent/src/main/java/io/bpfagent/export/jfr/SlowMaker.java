package io.bpfagent.export.jfr;

import io.bpfagent.correlation.SlowEvent;
import io.bpfagent.correlation.SlowEvent.Actor;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.WaitedOn;
import io.bpfagent.natives.Errno;
import java.util.Locale;

/** Says in a {@link SlowEventType} what a slow event says. */
final class SlowMaker {
    /** Between the names of contexts of which the one is inside the other. */
    private static final String INSIDE = " > ";

    private SlowMaker() {
    }

    /** All but the thread itself. */
    static void fill(SlowEventType to, SlowEvent event) {
        to.number = event.number();
        to.metric = event.metric().metric();
        to.exactDuration = event.durationNs();
        to.end = event.atMs();
        to.threadName = event.thread().name();
        to.javaThreadId = event.thread().javaId();
        to.osThreadId = event.tid();
        to.pool = event.pool();
        if (event.virtual() != null) {
            to.virtualThreadId = event.virtual().id();
            to.virtualThreadName = event.virtual().name();
        }
        to.cpu = event.cpu();
        Actor actor = event.actor();
        if (actor != null) {
            String who = actor.kind().name().toLowerCase(Locale.ROOT);
            who = actor.name().isEmpty() ? who : who + " " + actor.name();
            if (event.metric() == ThreadState.RUNNABLE) {
                to.behind = who;
            } else {
                to.wokenBy = who;
            }
            to.otherId = actor.id();
        }
        fill(to, event.on());
        to.stack = event.stack().isEmpty() ? null : String.join("\n", event.stack());
        to.context = event.context().isEmpty() ? null : String.join(INSIDE, event.context());
        if (event.span() != null) {
            to.traceId = event.span().trace();
            to.spanId = event.span().span();
        }
    }

    private static void fill(SlowEventType to, WaitedOn on) {
        to.syscall = on.syscall();
        to.path = on.path();
        to.address = on.address();
        to.host = on.host();
        to.device = on.device();
        to.sector = on.sector();
        to.bytes = on.bytes();
        to.futex = on.futex() == 0 ? null : "0x" + Long.toHexString(on.futex());
        to.errno = on.errno() == 0 ? null : Errno.name(on.errno());
    }
}
