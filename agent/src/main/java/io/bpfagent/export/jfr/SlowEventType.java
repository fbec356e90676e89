package io.bpfagent.export.jfr;

import io.bpfagent.correlation.SlowEvent;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Registered;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import jdk.jfr.Timestamp;

/** A {@link SlowEvent} as a JFR event: the same numbers, and what is not known is null or 0. */
@Name("io.bpfagent.SlowEvent")
@Label("Slow Event")
@Category("bpf-agent")
@Description("One wait or call of one thread that reached the agent's threshold for it (slow=)")
@Registered(false)
@StackTrace(false)
final class SlowEventType extends Event {
    @Label("Number")
    @Description("Counts the slow events since the agent began; what is missing between two is in no recording")
    long number;

    @Label("Metric")
    String metric;

    @Label("Exact Duration")
    @Description("As the kernel's clock has it; JFR's own duration is the same on JFR's clock")
    @Timespan(Timespan.NANOSECONDS)
    long exactDuration;

    @Label("End")
    @Timestamp(Timestamp.MILLISECONDS_SINCE_EPOCH)
    long end;

    @Label("Affected Thread")
    @Description("Whose it was, if it was a Java thread and still lived when the event was made")
    Thread thread;

    @Label("Thread Name")
    String threadName;

    @Label("Java Thread Id")
    long javaThreadId;

    @Label("OS Thread Id")
    long osThreadId;

    @Label("Pool")
    String pool;

    @Label("Virtual Thread Id")
    long virtualThreadId;

    @Label("Virtual Thread Name")
    String virtualThreadName;

    @Label("CPU")
    int cpu;

    @Label("Woken By")
    String wokenBy;

    @Label("Behind")
    @Description("Who had the CPU for which it waited")
    String behind;

    @Label("Id of Who It Was")
    @Description("Of a thread of this JVM its OS thread id, of a process its pid on the host")
    long otherId;

    @Label("System Call")
    String syscall;

    @Label("Path")
    String path;

    @Label("Address")
    String address;

    @Label("Host")
    String host;

    @Label("Device")
    String device;

    @Label("Sector")
    long sector;

    @Label("Bytes")
    @DataAmount
    long bytes;

    @Label("Futex")
    String futex;

    @Label("Error")
    String errno;

    @Label("Stack")
    @Description("A line for each frame, innermost first")
    String stack;

    @Label("Context")
    String context;

    @Label("Trace Id")
    String traceId;

    @Label("Span Id")
    String spanId;
}
