package io.bpfagent.report;

import io.bpfagent.correlation.ContextReport;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.correlation.ThreadState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The beans of contexts: the table, as soon as contexts are counted, and a histogram for each state and name of a
 * context as soon as there is something in it. A thousand contexts could have 16,000 of these: the first {@link #MOST}
 * get one, the others are in the table and with {@code attach-cli hist}. One thread, the agent's own.
 */
final class ContextBeans {
    /** A bean takes about 1 KiB. */
    static final int MOST = 512;

    private final JmxReport beans;
    private final AgentView agent;
    private final Map<Metric, Set<String>> known = new HashMap<>();
    private boolean table;
    private int count;
    private boolean full;

    ContextBeans(JmxReport beans, AgentView agent) {
        this.beans = beans;
        this.agent = agent;
    }

    /** Makes those that are new, of the metrics that are kept, and takes away those of others. */
    void update(Snapshot snapshot) {
        if (!table && snapshot.contexts().areOn()) {
            table = true;
            beans.register(BeanNames.contexts(), new ContextsBean(agent));
        }
        List<Metric> kept = agent.metrics();
        for (Metric gone : new ArrayList<>(known.keySet())) {
            if (!kept.contains(gone)) {
                forget(gone);
            }
        }
        if (full) {
            return;
        }
        for (ContextReport context : snapshot.contexts().contexts()) {
            for (ThreadState state : States.ALL) {
                if (context.distributions().of(state).count() > 0 && kept.contains(state)) {
                    add(state, context.name());
                }
            }
        }
    }

    private void add(Metric metric, String name) {
        Set<String> names = known.get(metric);
        if (names == null) {
            names = new HashSet<>();
            known.put(metric, names);
        }
        if (names.contains(name)) {
            return;
        }
        if (count == MOST) {
            full = true;
            return;
        }
        names.add(name);
        count++;
        beans.register(BeanNames.ofContext(metric, name), new LatencyBean(LatencyReading.ofContext(agent, metric,
                name)));
    }

    private void forget(Metric metric) {
        for (String name : known.remove(metric)) {
            beans.unregister(BeanNames.ofContext(metric, name));
            count--;
        }
        full = false;
    }

    /** What the status has to say of them; empty as long as all have a bean. */
    String note() {
        return full ? "; contexts have " + MOST + " of them, the others: attach-cli hist PID --context NAME" : "";
    }
}
