package io.bpfagent.cli.text;

import io.bpfagent.cli.control.EventsDocument.Actor;
import io.bpfagent.cli.control.EventsDocument.Entry;
import io.bpfagent.cli.control.EventsDocument.On;
import io.bpfagent.cli.control.EventsDocument.Virtual;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What is known of a slow event, in words. The phrases:
 *
 * <ul>
 * <li>{@code virtual thread #42 'checkout-7'}: that ran on the thread, a carrier
 * <li>{@code fsync /srv/journal}, {@code connect 10.0.0.1:443}, {@code futex 0x7f31c8000b60}: the system call in which
 *     the thread was, and with what; without the call where that is not known
 * <li>{@code vda sector 81920, 4.00 KiB}: the disk, and what was asked for of it
 * <li>{@code /etc/none: ENOENT}: it failed, with that error
 * <li>{@code woken by 'worker-3'}: by another thread of this JVM; {@code woken by sshd (pid 812)}: by a process, of
 *     the name {@code java} by {@code another java}; {@code woken by the kernel's kworker/0:1}: by a thread of the
 *     kernel; {@code woken by an interrupt}: a timer, a disk, a network card
 * <li>{@code behind sha256sum (pid 812) on CPU 1}: who had the CPU for which the thread waited; {@code , same cgroup}:
 *     a process in the JVM's CPU cgroup
 * <li>{@code waking up on idle CPU 1}: nobody had it
 * <li>{@code throttled by the cgroup's CPU quota}: nobody was allowed to have one
 * <li>{@code in POST /orders > app.Journal.append}: the contexts that it was in, outermost first
 * <li>{@code trace 4bf92f3577b34da6a3ce929d0e0e4736 span 00f067aa0ba902b7}: of OpenTelemetry
 * <li>{@code at app.Journal.append(Journal.java:23)}: the innermost frame that is not the JDK's own
 * </ul>
 */
public final class EventWords {

    /** What a line has for them, with a semicolon behind. */
    private static final int ROOM = Layout.WIDTH - 5;
    private static final int LEAST_ROOM = 30;
    private static final int NAME_WIDTH = 30;
    /** In the form of StackTraceElement: class loader, module and version, which a hidden class's 0x.. is not. */
    private static final Pattern WHERE_FROM = Pattern.compile("^(?:[^/(]*/(?!0x)){1,2}");
    private static final Pattern OF_THE_JDK = Pattern.compile("^(?:[^/(]*/)?(?:java|jdk|sun)\\.");

    private EventWords() {
    }

    /** @param hint whether where it was in the code is to be among them */
    public static List<String> clauses(Entry event, boolean hint) {
        List<String> clauses = new ArrayList<>();
        if (event.thread().virtual() != null) {
            add(clauses, virtual(event.thread().virtual()));
        }
        add(clauses, on(event.on()));
        if (event.behind() != null) {
            add(clauses, behind(event.behind(), event.cpu()));
        } else if (event.metric().equals("runnable")) {
            add(clauses, "it is not known behind whom, on CPU " + event.cpu());
        } else if (event.wokenBy() != null) {
            add(clauses, "woken by " + who(event.wokenBy()));
        }
        if (event.context() != null) {
            add(clauses, "in " + Layout.shorten(event.context(), ROOM - 3));
        }
        if (event.trace() != null) {
            add(clauses, "trace " + event.trace().traceId() + " span " + event.trace().spanId());
        }
        if (hint) {
            event.stack().stream().filter(frame -> !OF_THE_JDK.matcher(frame).find()).findFirst()
                .ifPresent(frame -> add(clauses, "at " + frame(frame)));
        }
        return clauses;
    }

    private static String virtual(Virtual virtual) {
        String name = Layout.shorten(virtual.name(), NAME_WIDTH);
        return "virtual thread #" + virtual.id() + (name.isEmpty() ? "" : " '" + name + "'");
    }

    private static void add(List<String> clauses, String clause) {
        if (!clause.isEmpty()) {
            clauses.add(clause);
        }
    }

    /** A frame without what stands before its class. */
    static String frame(String frame) {
        return WHERE_FROM.matcher(frame).replaceFirst("");
    }

    private static String on(On on) {
        List<String> words = new ArrayList<>();
        if (on.syscall() != null && !(on.syscall().equals("futex") && on.futex() != null)) {
            words.add(on.syscall());
        }
        int taken = (words.isEmpty() ? 0 : on.syscall().length() + 1)
                + (on.errno() == null ? 0 : on.errno().length() + 2);
        for (String word : new String[] {on.path(), on.address(), on.host()}) {
            if (word != null) {
                words.add(Layout.shorten(word, Math.max(LEAST_ROOM, ROOM - taken)));
            }
        }
        if (on.futex() != null) {
            words.add("futex " + on.futex());
        }
        String disk = on.device() == null ? "" : Layout.shorten(on.device(), NAME_WIDTH) + " sector " + on.sector()
            + (on.bytes() > 0 ? ", " + Quantity.bytes(on.bytes()) : "");
        String what = String.join(" ", words);
        what += what.isEmpty() || disk.isEmpty() ? disk : " on " + disk;
        return on.errno() == null ? what : what.isEmpty() ? on.errno() : what + ": " + on.errno();
    }

    private static String behind(Actor actor, int cpu) {
        return switch (actor.who()) {
            case Actor.IDLE -> "waking up on idle CPU " + cpu;
            case Actor.THROTTLED -> "throttled by the cgroup's CPU quota";
            default -> "behind " + who(actor) + " on CPU " + cpu;
        };
    }

    private static String who(Actor actor) {
        String name = Layout.shorten(actor.name(), NAME_WIDTH);
        return switch (actor.who()) {
            case Actor.OWN -> name.isEmpty() ? "own thread (tid " + actor.id() + ")" : "'" + name + "'";
            case Actor.CGROUP -> process(name, actor.id(), "same cgroup");
            case Actor.PROCESS -> process(name, actor.id(), "");
            case Actor.KERNEL -> name.isEmpty() ? "the kernel" : "the kernel's " + name;
            case Actor.INTERRUPT -> "an interrupt";
            default -> Layout.shorten(actor.who(), NAME_WIDTH);
        };
    }

    private static String process(String name, int pid, String more) {
        String where = (pid == 0 ? "" : "pid " + pid) + (pid == 0 || more.isEmpty() ? "" : ", ") + more;
        return (name.isEmpty() ? "a process" : name.equals("java") ? "another java" : name)
                + (where.isEmpty() ? "" : " (" + where + ")");
    }
}
