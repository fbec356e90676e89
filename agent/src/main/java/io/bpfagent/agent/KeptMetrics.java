package io.bpfagent.agent;

import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.ThreadState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Of what histograms are kept: the value of {@code metrics=}.
 *
 * @param states the states of threads
 * @param events what HotSpot's probes tell
 */
record KeptMetrics(Set<ThreadState> states, Set<EventMetric> events) {
    private static final String ALL_NAME = "all";
    /** All states, and all events but those on request. */
    static final KeptMetrics ALL = all();

    KeptMetrics {
        states = Collections.unmodifiableSet(states);
        events = Collections.unmodifiableSet(events);
    }

    private static KeptMetrics all() {
        EnumSet<EventMetric> events = EnumSet.noneOf(EventMetric.class);
        for (EventMetric event : EventMetric.ALL) {
            if (!event.isOnRequest()) {
                events.add(event);
            }
        }
        return new KeptMetrics(EnumSet.allOf(ThreadState.class), events);
    }

    /** Of the names in an argument, joined by {@code +}; {@code all} is one of them. */
    static KeptMetrics of(Argument argument) throws ArgumentException {
        EnumSet<ThreadState> states = EnumSet.noneOf(ThreadState.class);
        EnumSet<EventMetric> events = EnumSet.noneOf(EventMetric.class);
        for (String part : argument.value().split("\\+", -1)) {
            String name = part.strip();
            Optional<ThreadState> state = ThreadState.ofMetric(name);
            Optional<EventMetric> event = EventMetric.ofMetric(name);
            if (name.equals(ALL_NAME)) {
                states.addAll(ALL.states);
                events.addAll(ALL.events);
            } else if (state.isPresent()) {
                states.add(state.get());
            } else if (event.isPresent()) {
                events.add(event.get());
            } else {
                throw argument.refused(rule());
            }
        }
        return new KeptMetrics(states, events);
    }

    private static String rule() {
        StringBuilder names = new StringBuilder(400);
        add(names, ALL.states, ", ");
        add(names, EventMetric.ALL, ", ");
        return "must be some of all, " + names + " joined by +";
    }

    /** The names: the inverse of {@link #of}. */
    String text() {
        StringBuilder names = new StringBuilder(64);
        if (states.size() < ALL.states.size() || !events.containsAll(ALL.events)) {
            add(names, states, "+");
            add(names, events, "+");
            return names.toString();
        }
        names.append(ALL_NAME);
        for (EventMetric event : events) {
            if (event.isOnRequest()) {
                names.append('+').append(event.metric());
            }
        }
        return names.toString();
    }

    /** The states, then the events. */
    List<Metric> inOrder() {
        List<Metric> metrics = new ArrayList<>(states.size() + events.size());
        metrics.addAll(states);
        metrics.addAll(events);
        return metrics;
    }

    private static void add(StringBuilder names, Iterable<? extends Metric> metrics, String between) {
        for (Metric metric : metrics) {
            names.append(names.isEmpty() ? "" : between).append(metric.metric());
        }
    }
}
