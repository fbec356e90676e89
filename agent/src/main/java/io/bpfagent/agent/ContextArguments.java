package io.bpfagent.agent;

import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Metrics;
import io.bpfagent.hooks.ContextSettings;
import io.bpfagent.hooks.TracePattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The arguments {@code contexts}, {@code trace}, {@code requests} and {@code virtual}. */
final class ContextArguments {
    /** In the order in which they are shown. */
    static final List<String> KEYS = List.of("contexts", "trace", "requests", "virtual");
    /** Those that can be changed while the agent is there, if it began with contexts. */
    static final List<String> LIVE_KEYS = KEYS.subList(1, KEYS.size());
    private static final String OFF = "off";
    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

    private ContextArguments() {
    }

    /** Reads them. */
    static ContextSettings of(Map<String, Argument> given) throws ArgumentException {
        Argument contexts = given.get("contexts");
        boolean on = contexts != null && contexts.either("on", OFF);
        ContextSettings read = changed(ContextSettings.OFF, given);
        if (contexts != null && !on && read.on()) {
            throw contexts.refused("must be on where trace, requests or virtual is given");
        }
        return new ContextSettings(on, read.trace(), read.requests(), read.virtual());
    }

    /**
     * These with some changed.
     *
     * @throws ArgumentException also if the agent began without contexts, and now there are to be some
     */
    static ContextSettings changedBy(ContextSettings now, Map<String, Argument> given) throws ArgumentException {
        for (String key : LIVE_KEYS) {
            Argument argument = given.get(key);
            if (argument != null && !now.on() && changed(now, given).on()) {
                throw argument.refused("needs an agent that began with contexts: detach, and attach with it (or with"
                        + " contexts=on, and set it then)");
            }
        }
        return changed(now, given);
    }

    private static ContextSettings changed(ContextSettings now, Map<String, Argument> given) throws ArgumentException {
        Argument trace = given.get("trace");
        Argument requests = given.get("requests");
        Argument virtual = given.get("virtual");
        return new ContextSettings(now.on(),
                trace == null ? now.trace() : patterns(trace),
                requests == null ? now.requests() : requests.either("true", "false"),
                virtual == null ? now.virtual() : virtual.either("true", "false"));
    }

    /**
     * Refuses what this JVM cannot do.
     *
     * @param release of Java, {@code Runtime.version().feature()}
     */
    static void check(ContextSettings settings, int release) throws ArgumentException {
        if (settings.virtual() && release < FIRST_WITH_VIRTUAL_THREADS) {
            throw new ArgumentException("virtual must be false where there are no virtual threads: they came with Java "
                    + FIRST_WITH_VIRTUAL_THREADS + ", and this JVM is of " + release, "virtual=true");
        }
    }

    /** Of what there are histograms: what is kept, and of virtual threads where they are followed. */
    static List<Metric> metrics(Arguments arguments) {
        List<Metric> metrics = new ArrayList<>();
        for (Metric metric : Metrics.ALL) {
            boolean followed = arguments.contexts().virtual() && metric instanceof EventMetric event
                    && event.isOfVirtualThreads();
            if (followed || arguments.metrics().keeps(metric)) {
                metrics.add(metric);
            }
        }
        return metrics;
    }

    private static List<TracePattern> patterns(Argument trace) throws ArgumentException {
        List<TracePattern> patterns = new ArrayList<>();
        if (trace.value().equals(OFF)) {
            return patterns;
        }
        for (String part : trace.value().split("[,;]")) {
            String text = part.strip();
            String problem = text.isEmpty() ? TracePattern.RULE : TracePattern.problem(text);
            if (problem != null) {
                throw new ArgumentException("trace " + problem + (problem.equals(TracePattern.RULE) ? ", or off" : ""),
                        trace.source() + "=" + text);
            }
            TracePattern pattern = TracePattern.of(text);
            if (!patterns.contains(pattern)) {
                patterns.add(pattern);
            }
        }
        if (patterns.size() > TracePattern.MOST) {
            throw trace.refused("must be " + TracePattern.MOST + " patterns at most");
        }
        return patterns;
    }

    /** As {@code ,key=value}, what is not off: the inverse of {@link #of}. */
    static String text(ContextSettings settings) {
        StringBuilder text = new StringBuilder();
        if (settings.on()) {
            text.append(",contexts=on");
        }
        for (int i = 0; i < settings.trace().size(); i++) {
            text.append(i == 0 ? ",trace=" : ";").append(settings.trace().get(i).text());
        }
        if (settings.requests()) {
            text.append(",requests=true");
        }
        return settings.virtual() ? text.append(",virtual=true").toString() : text.toString();
    }
}
