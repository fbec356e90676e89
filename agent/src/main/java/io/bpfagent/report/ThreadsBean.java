package io.bpfagent.report;

import io.bpfagent.correlation.Losses;
import io.bpfagent.correlation.PoolUsage;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.StateTimes;
import io.bpfagent.correlation.ThreadCounts;
import io.bpfagent.correlation.ThreadCounts.Behind;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.ThreadUsage;
import java.util.List;
import javax.management.openmbean.SimpleType;

/**
 * The {@code type=Threads} bean: the table of live threads and the table of pools, each with a column
 * of ns per state, and what the kernel counts of a thread.
 */
final class ThreadsBean extends OpenBean<Snapshot> {
    private static final Snapshot NONE = new Snapshot(0, 0, List.of(), List.of(), Losses.NONE);

    private static final class Threads extends OpenRows<ThreadUsage> {
        private static final int FIRST_STATE = 7;

        Threads() {
            super("io.bpfagent.Thread", "A live thread and the ns it spent in each state since the agent began");
            column("tid", "Thread id as the JVM and jstack show it", SimpleType.INTEGER);
            longColumn("javaId", "Id of the java.lang.Thread, 0 if it is none");
            column("name", "Full name", SimpleType.STRING);
            column("pool", "Pool it belongs to", SimpleType.STRING);
            column("kind", "java, carrier, gc, compiler, vm or other", SimpleType.STRING);
            column("state", "State at the time of the snapshot", SimpleType.STRING);
            longColumn("wallNs", "Sum of all states, ns");
            numbers(this);
        }

        @Override
        Object value(ThreadUsage thread, int column) {
            return switch (column) {
                case 0 -> thread.tid();
                case 1 -> thread.identity().javaId();
                case 2 -> thread.identity().name();
                case 3 -> thread.pool();
                case 4 -> thread.identity().kind().label();
                case 5 -> thread.state().metric();
                case 6 -> thread.wallNs();
                default -> number(thread.times(), thread.counts(), column - FIRST_STATE);
            };
        }
    }

    private static final class Pools extends OpenRows<PoolUsage> {
        private static final int FIRST_STATE = 4;

        Pools() {
            super("io.bpfagent.Pool", "A pool and the ns its threads, live and ended, spent in each state");
            column("pool", "Name of its threads, each run of digits as #", SimpleType.STRING);
            column("kind", "java, carrier, gc, compiler, vm or other", SimpleType.STRING);
            column("threads", "Live threads", SimpleType.INTEGER);
            longColumn("ended", "Threads that have ended");
            numbers(this);
        }

        @Override
        Object value(PoolUsage pool, int column) {
            return switch (column) {
                case 0 -> pool.pool();
                case 1 -> pool.kind().label();
                case 2 -> pool.threads();
                case 3 -> pool.ended();
                default -> number(pool.times(), pool.counts(), column - FIRST_STATE);
            };
        }
    }

    private static final Threads THREADS = new Threads();
    private static final Pools POOLS = new Pools();

    private static final OpenBeanType TYPE = new OpenBeanType(
            ThreadsBean.class.getName(), "Where the wall-clock time of every thread went, ns")
            .attribute("Threads", "Live threads", THREADS.tableType())
            .attribute("Pools", "Pools", POOLS.tableType())
            .attribute("Counters", "What was counted for each live thread, where counters were asked for",
                    CounterRows.THREADS.tableType())
            .attribute("PoolCounters", "The same of each pool", CounterRows.POOLS.tableType())
            .done();

    private final AgentView agent;

    ThreadsBean(AgentView agent) {
        super(TYPE);
        this.agent = agent;
    }

    @Override
    Snapshot capture() {
        Snapshot latest = agent.latest();
        return latest == null ? NONE : latest;
    }

    @Override
    Object attribute(Snapshot snapshot, String name) {
        return switch (name) {
            case "Threads" -> THREADS.table(snapshot.threads());
            case "Pools" -> POOLS.table(snapshot.pools());
            case "Counters" -> CounterRows.THREADS.table(CounterRows.ofThreads(snapshot, agent.probes()));
            default -> CounterRows.POOLS.table(CounterRows.ofPools(snapshot, agent.probes()));
        };
    }

    @Override
    Object operation(Snapshot snapshot, String name, Object[] parameters) {
        throw OpenBeanType.unknown(name);
    }

    private static void numbers(OpenRows<?> rows) {
        for (ThreadState state : States.ALL) {
            rows.longColumn(state.metric(), "ns ".concat(state.metric()));
        }
        rows.longColumn("waitedOwnNs", "Of runnable, ns: behind another thread of this JVM");
        rows.longColumn("waitedCgroupNs", "Of runnable, ns: behind a process of the same CPU cgroup");
        rows.longColumn("waitedProcessNs", "Of runnable, ns: behind another process");
        rows.longColumn("waitedKernelNs", "Of runnable, ns: behind a thread of the kernel");
        rows.longColumn("waitedIdleNs", "Of runnable, ns: until an idle CPU was there");
        rows.longColumn("waitedThrottledNs", "Of runnable, ns: because the cgroup's CPU quota was used up");
        rows.longColumn("migrations", "How often it went on on another CPU");
        rows.longColumn("minorFaults", "Page faults served without reading anything");
        rows.longColumn("majorFaults", "Page faults for which something had to be read");
        rows.done();
    }

    private static long number(StateTimes times, ThreadCounts counts, int number) {
        int states = States.ALL.size();
        int waits = states + Behind.ALL.size();
        if (number < states) {
            return times.timeNs(States.ALL.get(number));
        }
        return number < waits ? counts.waitedNs(Behind.ALL.get(number - states))
                : number == waits ? counts.migrations()
                : number == waits + 1 ? counts.minorFaults() : counts.majorFaults();
    }
}
