package io.bpfagent.agent;

import io.bpfagent.correlation.Metric;
import io.bpfagent.kernel.KernelException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Brings a {@link LiveChange} about in the kernel: all of it or nothing. One thread, that which reads snapshots. */
final class LiveChanger {
    private static final String WHY_OFF = "turned off with set";

    private LiveChanger() {
    }

    /**
     * Turns probes on and off and changes limits. What is changed in the agent alone is left to the caller.
     *
     * @param before what counted up to now
     * @throws ArgumentException if something cannot be changed while the agent is there
     * @throws KernelException   if a probe cannot be attached
     */
    static void apply(Session session, Arguments before, LiveChange change) throws ArgumentException, KernelException {
        Map<String, Boolean> wanted = new LinkedHashMap<>();
        if (change.hasMetrics()) {
            checkMetrics(session, before, change.arguments().metrics());
            for (String name : session.switchable()) {
                List<Metric> metrics = session.metricsOf(name);
                // Those of the user's own are for no metric that could be left out.
                if (!metrics.isEmpty()) {
                    wanted.put(name, keepsOne(change.arguments().metrics(), metrics));
                }
            }
        }
        for (Map.Entry<String, Boolean> one : change.switches().entrySet()) {
            if (!session.switchable().contains(one.getKey())) {
                throw new ArgumentException("the name behind probe. must be one of "
                        + String.join(", ", session.switchable()), LiveChange.SWITCH + one.getKey());
            }
            wanted.put(one.getKey(), one.getValue());
        }
        boolean changesSlow = !change.arguments().slow().equals(before.slow());
        if (changesSlow && session.slowProblem() != null) {
            throw new ArgumentException("slow cannot be set: " + session.slowProblem(), change.given());
        }
        turn(session, wanted);
        if (changesSlow) {
            session.changeSlow(change.arguments());
        }
    }

    /** Programs count what they were loaded for, and nothing else. */
    private static void checkMetrics(Session session, Arguments before, KeptMetrics asked) throws ArgumentException {
        List<String> missing = new ArrayList<>();
        for (Metric metric : asked.metrics()) {
            if (!before.metrics().keeps(metric) && !session.canCount(metric)) {
                missing.add(metric.metric());
            }
        }
        if (!missing.isEmpty()) {
            throw new ArgumentException("metrics can be some of those that the agent began with, and park,"
                    + " monitor_contended and object_alloc where the JVM has them; for others detach, and attach with"
                    + " them", "metrics=" + String.join("+", missing));
        }
    }

    private static boolean keepsOne(KeptMetrics kept, List<Metric> metrics) {
        for (Metric metric : metrics) {
            if (kept.keeps(metric)) {
                return true;
            }
        }
        return false;
    }

    /** When one cannot be attached, those before it are as they were. */
    private static void turn(Session session, Map<String, Boolean> wanted) throws KernelException {
        List<String> turned = new ArrayList<>();
        try {
            for (Map.Entry<String, Boolean> one : wanted.entrySet()) {
                if (session.isOn(one.getKey()) != one.getValue()) {
                    session.turn(one.getKey(), one.getValue(), WHY_OFF);
                    turned.add(one.getKey());
                }
            }
        } catch (KernelException e) {
            for (String name : turned) {
                session.turn(name, !wanted.get(name), WHY_OFF);
            }
            throw e;
        }
    }
}
