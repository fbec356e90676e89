package io.bpfagent.agent;

import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Metrics;
import io.bpfagent.correlation.ThreadMetric;
import io.bpfagent.correlation.slow.SlowLimits;
import io.bpfagent.report.NearestName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Of what there are slow events, and which of them have stacks: {@code slow}, {@code slow.METRIC} and {@code stacks}.
 *
 * @param slowNs   of all that is slow without being asked for by name: 0 to 1 h, or {@link SlowLimits#NEVER}
 * @param named    those of single metrics, likewise
 * @param stacksNs of what takes that long, the Java stack is asked for: 1 ms to 1 h, or {@link SlowLimits#NEVER}
 */
record SlowArguments(long slowNs, Map<Metric, Long> named, long stacksNs) {
    /** What a key of a single metric begins with. */
    static final String PREFIX = "slow.";
    private static final String OFF = "off";
    /** In one word both of them, as the tools do that know no difference. */
    private static final String BLOCK_IO = "block_io";
    private static final long MS = 1_000_000;
    private static final long MOST_NS = 3_600_000L * MS;
    private static final long SLOW_NS = 10 * MS;
    private static final long STACKS_NS = 50 * MS;
    private static final List<Metric> BOTH = List.of(ThreadMetric.BLOCK_READ, ThreadMetric.BLOCK_WRITE);

    /** When nothing is said. */
    static final SlowArguments DEFAULT = new SlowArguments(SLOW_NS, Map.of(), STACKS_NS);

    SlowArguments {
        named = Map.copyOf(named);
    }

    /** Of all arguments that were given. */
    static SlowArguments of(Map<String, Argument> given) throws ArgumentException {
        Argument slow = given.get("slow");
        Argument stacks = given.get("stacks");
        Map<Metric, Long> named = new LinkedHashMap<>();
        for (Argument argument : given.values()) {
            if (argument.key().startsWith(PREFIX)) {
                List<Metric> metrics = metrics(argument);
                for (Metric metric : metrics) {
                    // One that is named alone counts before one of two.
                    if (metrics.size() == 1 || !given.containsKey(PREFIX + metric.metric())) {
                        named.put(metric, limit(argument));
                    }
                }
            }
        }
        return new SlowArguments(slow == null ? SLOW_NS : limit(slow), named,
                stacks == null ? STACKS_NS : stacksNs(stacks));
    }

    /** These with some changed. */
    SlowArguments changedBy(Map<String, Argument> given) throws ArgumentException {
        SlowArguments changes = of(given);
        Map<Metric, Long> all = new LinkedHashMap<>(named);
        all.putAll(changes.named);
        return new SlowArguments(given.containsKey("slow") ? changes.slowNs : slowNs, all,
                given.containsKey("stacks") ? changes.stacksNs : stacksNs);
    }

    private static List<Metric> metrics(Argument argument) throws ArgumentException {
        String name = argument.key().substring(PREFIX.length());
        if (name.equals(BLOCK_IO)) {
            return BOTH;
        }
        Optional<Metric> metric = Metrics.of(name);
        if (metric.isPresent() && SlowLimits.canBeSlow(metric.get())) {
            return List.of(metric.get());
        }
        List<String> names = new ArrayList<>(List.of(BLOCK_IO));
        for (Metric one : Metrics.ALL) {
            if (SlowLimits.canBeSlow(one)) {
                names.add(one.metric());
            }
        }
        throw argument.refused("must name a wait or a call of docs/metrics.md" + NearestName.few(name, names));
    }

    private static long limit(Argument argument) throws ArgumentException {
        return argument.value().equals(OFF) ? SlowLimits.NEVER : argument.shortDuration(0, MOST_NS, " or off");
    }

    private static long stacksNs(Argument argument) throws ArgumentException {
        return switch (argument.value()) {
            case "true" -> STACKS_NS;
            case "false" -> SlowLimits.NEVER;
            default -> argument.shortDuration(MS, MOST_NS, ", true or false");
        };
    }

    /** What the kernel side and the reader are to go by. */
    SlowLimits limits() {
        return SlowLimits.of(slowNs, named);
    }

    /** As arguments, each after a comma: the inverse of {@link #of}. */
    String text() {
        StringBuilder text = new StringBuilder(60).append(",slow=").append(shown(slowNs));
        for (Metric metric : Metrics.ALL) {
            Long ns = named.get(metric);
            if (ns != null) {
                text.append(',').append(PREFIX).append(metric.metric()).append('=').append(shown(ns));
            }
        }
        return text.append(",stacks=").append(stacksNs == SlowLimits.NEVER ? "false" : shown(stacksNs)).toString();
    }

    private static String shown(long ns) {
        return ns == SlowLimits.NEVER ? OFF : Argument.shownShort(ns);
    }
}
