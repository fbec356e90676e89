package io.bpfagent.export.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.Registered;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** Where the time of a pool's threads has gone since the agent began: a field for each state. */
@Name("io.bpfagent.PoolStates")
@Label("Pool States")
@Category("bpf-agent")
@Description("Where the time of a pool's threads has gone since the agent began; the states add up to the total")
@Registered(false)
@StackTrace(false)
@Period("1 s")
final class PoolStatesType extends Event {
    @Label("Pool")
    String pool;

    @Label("Kind")
    String kind;

    @Label("Threads")
    @Description("Live ones")
    int threads;

    @Label("Ended Threads")
    long ended;

    @Label("Measured For")
    @Description("From the agent's beginning to the snapshot that has these numbers")
    @Timespan(Timespan.NANOSECONDS)
    long measured;

    @Label("Total")
    @Timespan(Timespan.NANOSECONDS)
    long total;

    @Label("Running")
    @Timespan(Timespan.NANOSECONDS)
    long running;

    @Label("Runnable")
    @Description("It could have run and had no CPU")
    @Timespan(Timespan.NANOSECONDS)
    long runnable;

    @Label("Blocked: Monitor")
    @Timespan(Timespan.NANOSECONDS)
    long blockedMonitor;

    @Label("Blocked: Park")
    @Timespan(Timespan.NANOSECONDS)
    long blockedPark;

    @Label("Blocked: Wait")
    @Timespan(Timespan.NANOSECONDS)
    long blockedWait;

    @Label("Blocked: Sleep")
    @Timespan(Timespan.NANOSECONDS)
    long blockedSleep;

    @Label("Blocked: Safepoint")
    @Timespan(Timespan.NANOSECONDS)
    long blockedSafepoint;

    @Label("Blocked: VM")
    @Timespan(Timespan.NANOSECONDS)
    long blockedVm;

    @Label("Blocked: Futex")
    @Timespan(Timespan.NANOSECONDS)
    long blockedFutex;

    @Label("Blocked: Poll")
    @Timespan(Timespan.NANOSECONDS)
    long blockedPoll;

    @Label("Blocked: Socket")
    @Timespan(Timespan.NANOSECONDS)
    long blockedSocket;

    @Label("Blocked: Disk")
    @Timespan(Timespan.NANOSECONDS)
    long blockedDisk;

    @Label("Blocked: Fault")
    @Timespan(Timespan.NANOSECONDS)
    long blockedFault;

    @Label("Blocked: Reclaim")
    @Timespan(Timespan.NANOSECONDS)
    long blockedReclaim;

    @Label("Blocked: Process")
    @Timespan(Timespan.NANOSECONDS)
    long blockedProcess;

    @Label("Blocked: Other")
    @Timespan(Timespan.NANOSECONDS)
    long blockedOther;
}
