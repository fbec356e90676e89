package io.bpfagent.report;

import io.bpfagent.correlation.SlowEvent;
import io.bpfagent.correlation.SlowEvent.Actor;
import io.bpfagent.correlation.WaitedOn;
import javax.management.openmbean.SimpleType;

/** Slow events as open data of JMX, some 1.3 KiB each. What is not known is null. */
final class EventRows {
    /** A row of a table of slow events. */
    static final OpenRows<SlowEvent> LINES = new Lines();
    /** A slow event with its stack. */
    static final OpenRows<SlowEvent> DETAILS = new Details();

    private EventRows() {
    }

    /** What one line about a slow event needs. */
    private static class Lines extends OpenRows<SlowEvent> {
        static final int COLUMNS = 25;
        private static final int FIRST_ON = 10;
        private static final int FIRST_ACTOR = 19;

        Lines() {
            this("io.bpfagent.SlowEvent", "A latency that reached its threshold");
            done();
        }

        Lines(String typeName, String description) {
            super(typeName, description);
            longColumn("number", "Counts the slow events since the agent began");
            longColumn("atMs", "When it was over, ms since 1970");
            column("metric", "A state, or what threads do", SimpleType.STRING);
            longColumn("durationNs", "How long it took");
            column("tid", "Thread id as the JVM and jstack show it, 0 if not known", SimpleType.INTEGER);
            column("hostTid", "The same as kernel tools on the host show it", SimpleType.INTEGER);
            longColumn("javaId", "Id of the java.lang.Thread, 0 if it is none");
            column("thread", "Full name, empty if it ended before anybody told it", SimpleType.STRING);
            column("pool", "Pool it belongs to", SimpleType.STRING);
            column("cpu", "Where it was over; of a wake-up, where the thread is to run", SimpleType.INTEGER);
            column("syscall", "The system call in which it was", SimpleType.STRING);
            column("path", "Of a file", SimpleType.STRING);
            column("address", "Of a socket's peer", SimpleType.STRING);
            column("host", "Whose address was looked up", SimpleType.STRING);
            column("device", "A disk's name", SimpleType.STRING);
            longColumn("sector", "Where on it, in units of 512 bytes; 0 without a disk");
            longColumn("bytes", "How much was asked for of it; 0 without a disk");
            column("futex", "The address for which it waited", SimpleType.STRING);
            column("errno", "With what error the call failed", SimpleType.STRING);
            column("who", "Who woke it, of runnable who had the CPU: own, cgroup, process, kernel, interrupt, idle"
                    + " or throttled", SimpleType.STRING);
            column("whoId", "Of a thread of this JVM its tid, of a process its pid on the host; else 0",
                    SimpleType.INTEGER);
            column("whoName", "Of a thread of this JVM its full name, of others what the kernel calls them",
                    SimpleType.STRING);
            column("context", "The contexts that it was in, outermost first", SimpleType.STRING);
            column("traceId", "Of OpenTelemetry's trace that it was in, 32 hexadecimal digits", SimpleType.STRING);
            column("spanId", "Of the span in it, 16 hexadecimal digits", SimpleType.STRING);
        }

        @Override
        Object value(SlowEvent event, int column) {
            return switch (column) {
                case 0 -> event.number();
                case 1 -> event.atMs();
                case 2 -> event.metric().metric();
                case 3 -> event.durationNs();
                case 4 -> event.tid();
                case 5 -> event.hostTid();
                case 6 -> event.thread().javaId();
                case 7 -> event.thread().name();
                case 8 -> event.pool();
                case 9 -> event.cpu();
                case COLUMNS - 3 -> ContextDocument.path(event.context());
                case COLUMNS - 2 -> event.span() == null ? null : event.span().trace();
                case COLUMNS - 1 -> event.span() == null ? null : event.span().span();
                default -> column < FIRST_ACTOR ? on(event.on(), column - FIRST_ON)
                        : actor(event.actor(), column - FIRST_ACTOR);
            };
        }

        private static Object on(WaitedOn on, int column) {
            return switch (column) {
                case 0 -> on.syscall();
                case 1 -> on.path();
                case 2 -> on.address();
                case 3 -> on.host();
                case 4 -> on.device();
                case 5 -> on.sector();
                case 6 -> on.bytes();
                case 7 -> EventDocument.futex(on);
                default -> EventDocument.errno(on);
            };
        }

        private static Object actor(Actor actor, int column) {
            if (actor == null) {
                return null;
            }
            return column == 0 ? Labels.of(actor.kind()) : column == 1 ? (Object) actor.id() : actor.name();
        }
    }

    private static final class Details extends Lines {
        Details() {
            super("io.bpfagent.SlowEventDetail", "A slow event with its stack");
            column("stack", "Java code in which it was, innermost frame first; empty where nobody asked in time",
                    textsType());
            done();
        }

        @Override
        Object value(SlowEvent event, int column) {
            return column < COLUMNS ? super.value(event, column) : event.stack().toArray(new String[0]);
        }
    }
}
