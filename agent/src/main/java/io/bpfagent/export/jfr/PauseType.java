package io.bpfagent.export.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Registered;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A {@link io.bpfagent.correlation.Pause} as a JFR event: the same numbers. */
@Name("io.bpfagent.Pause")
@Label("Pause")
@Category("bpf-agent")
@Description("One safepoint, from the request to stop to its end, and where its time went")
@Registered(false)
@StackTrace(false)
final class PauseType extends Event {
    @Label("Number")
    @Description("Counts the pauses since the agent began; what is missing between two is in no recording")
    long number;

    @Label("Operation")
    String operation;

    @Label("Garbage Collection")
    boolean gc;

    @Label("Exact Duration")
    @Description("As the kernel's clock has it; JFR's own duration is the same on JFR's clock")
    @Timespan(Timespan.NANOSECONDS)
    long exactDuration;

    @Label("Time to Safepoint")
    @Timespan(Timespan.NANOSECONDS)
    long timeToSafepoint;

    @Label("Reaching")
    @Description("Until all threads had stopped; this and the next three add up to the pause")
    @Timespan(Timespan.NANOSECONDS)
    long reaching;

    @Label("Working")
    @Description("The VM thread or a GC worker was on a CPU")
    @Timespan(Timespan.NANOSECONDS)
    long working;

    @Label("No CPU")
    @Description("None of them was on a CPU, and one could have run")
    @Timespan(Timespan.NANOSECONDS)
    long noCpu;

    @Label("Blocked")
    @Description("None of them could run")
    @Timespan(Timespan.NANOSECONDS)
    long blocked;

    @Label("Blocked On")
    @Description("The state in which the VM thread was blocked longest, while none could run")
    String blockedOn;

    @Label("Behind")
    @Description("Who had the CPU longest for which the VM thread and the GC workers waited")
    String behind;

    @Label("Latest Thread")
    @Description("Which stopped last, if it is a Java thread that still lived when the event was made")
    Thread thread;

    @Label("Late Threads")
    @Description("Their names, the latest last")
    String lateThreads;

    @Label("Incomplete")
    @Description("Records of it were lost: the parts are not exact")
    boolean incomplete;
}
