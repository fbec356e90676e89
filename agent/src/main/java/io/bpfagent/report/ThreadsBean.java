package io.bpfagent.report;

import io.bpfagent.correlation.Losses;
import io.bpfagent.correlation.PoolUsage;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.StateTimes;
import io.bpfagent.correlation.ThreadState;
import io.bpfagent.correlation.ThreadUsage;
import java.util.List;
import java.util.function.Function;
import javax.management.DynamicMBean;
import javax.management.MBeanInfo;
import javax.management.openmbean.SimpleType;

/**
 * What the {@code type=Threads} bean has: the table of live threads and the table of pools, each with
 * a column of ns per state.
 */
final class ThreadsBean {
    private static final Snapshot NONE = new Snapshot(0, 0, List.of(), List.of(), Losses.NONE);

    private static final OpenRows<ThreadUsage> THREADS = states(new OpenRows<ThreadUsage>(
            "io.bpfagent.Thread", "A live thread and the ns it spent in each state since the agent began")
            .column("tid", "Thread id as the JVM and jstack show it", SimpleType.INTEGER, ThreadUsage::tid)
            .longColumn("javaId", "Id of the java.lang.Thread, 0 if it is none", thread -> thread.identity().javaId())
            .column("name", "Full name", SimpleType.STRING, thread -> thread.identity().name())
            .column("pool", "Pool it belongs to", SimpleType.STRING, ThreadUsage::pool)
            .column("kind", "java, carrier, gc, compiler, vm or other", SimpleType.STRING,
                    thread -> thread.identity().kind().label())
            .column("state", "State at the time of the snapshot", SimpleType.STRING, thread -> thread.state().metric())
            .longColumn("wallNs", "Sum of all states, ns", ThreadUsage::wallNs), ThreadUsage::times);

    private static final OpenRows<PoolUsage> POOLS = states(new OpenRows<PoolUsage>(
            "io.bpfagent.Pool", "A pool and the ns its threads, live and ended, spent in each state")
            .column("pool", "Name of its threads, each run of digits as #", SimpleType.STRING, PoolUsage::pool)
            .column("kind", "java, carrier, gc, compiler, vm or other", SimpleType.STRING, pool -> pool.kind().label())
            .column("threads", "Live threads", SimpleType.INTEGER, PoolUsage::threads)
            .longColumn("ended", "Threads that have ended", PoolUsage::ended), PoolUsage::times);

    private static final OpenBeanType<Snapshot> TYPE = new OpenBeanType<Snapshot>(
            ThreadsBean.class.getName(), "Where the wall-clock time of every thread went, ns")
            .attribute("Threads", "Live threads", THREADS.tableType(), snapshot -> THREADS.table(snapshot.threads()))
            .attribute("Pools", "Pools", POOLS.tableType(), snapshot -> POOLS.table(snapshot.pools()));
    private static final MBeanInfo INFO = TYPE.info();

    private ThreadsBean() {
    }

    static DynamicMBean of(AgentView agent) {
        return new OpenBean<>(TYPE, INFO, () -> {
            Snapshot latest = agent.latest();
            return latest == null ? NONE : latest;
        });
    }

    private static <R> OpenRows<R> states(OpenRows<R> rows, Function<R, StateTimes> times) {
        for (ThreadState state : ThreadState.values()) {
            rows.longColumn(state.metric(), "ns " + state.metric(), row -> times.apply(row).timeNs(state));
        }
        return rows.done();
    }
}
