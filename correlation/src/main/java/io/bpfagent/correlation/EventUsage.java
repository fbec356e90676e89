package io.bpfagent.correlation;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What HotSpot's probes told about the whole process, what system calls it made, and how its virtual threads fared.
 * Immutable.
 *
 * @param metrics    a distribution for each metric of which something was counted
 * @param operations of {@link EventMetric#VM_OPERATION} by the operation's name, in order of appearance
 * @param syscalls   of {@link EventMetric#SYSCALL} by the call's name, in the order of their numbers
 * @param pinned     of {@link EventMetric#VIRTUAL_PINNED} by the state in which the carrier was, in the order of states
 */
public record EventUsage(Map<EventMetric, Distribution> metrics, Map<String, Distribution> operations,
        Map<String, Distribution> syscalls, Map<String, Distribution> pinned) {
    /** Nothing counted. */
    public static final EventUsage NONE = new EventUsage(Map.of(), Map.of());

    public EventUsage {
        metrics = metrics.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(metrics));
        operations = operations.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(operations));
        syscalls = syscalls.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(syscalls));
        pinned = pinned.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(pinned));
    }

    /** Without system calls, which are counted on request only. */
    public EventUsage(Map<EventMetric, Distribution> metrics, Map<String, Distribution> operations) {
        this(metrics, operations, Map.of());
    }

    /** Without virtual threads, which are followed on request only. */
    public EventUsage(Map<EventMetric, Distribution> metrics, Map<String, Distribution> operations,
            Map<String, Distribution> syscalls) {
        this(metrics, operations, syscalls, Map.of());
    }

    /** What was counted of {@code metric}. */
    public Distribution of(EventMetric metric) {
        return metrics.getOrDefault(metric, Distribution.EMPTY);
    }

    /** What {@code metric} consists of, by name: VM operations, system calls, states; nothing for other metrics. */
    public Map<String, Distribution> byName(Metric metric) {
        return metric == EventMetric.VM_OPERATION ? operations : metric == EventMetric.SYSCALL ? syscalls
                : metric == EventMetric.VIRTUAL_PINNED ? pinned : Map.of();
    }

    /** What was counted of the VM operation with this name. */
    public Distribution ofOperation(String operation) {
        return operations.getOrDefault(operation, Distribution.EMPTY);
    }

    /** What was added since {@code earlier}. */
    EventUsage minus(EventUsage earlier) {
        if (this == earlier) {
            return NONE;
        }
        Map<EventMetric, Distribution> differences = new EnumMap<>(EventMetric.class);
        for (Map.Entry<EventMetric, Distribution> entry : metrics.entrySet()) {
            differences.put(entry.getKey(), entry.getValue().minus(earlier.of(entry.getKey())));
        }
        return new EventUsage(differences, differences(operations, earlier.operations),
                differences(syscalls, earlier.syscalls), differences(pinned, earlier.pinned));
    }

    private static Map<String, Distribution> differences(Map<String, Distribution> now,
            Map<String, Distribution> earlier) {
        Map<String, Distribution> differences = new LinkedHashMap<>();
        for (Map.Entry<String, Distribution> entry : now.entrySet()) {
            Distribution before = earlier.getOrDefault(entry.getKey(), Distribution.EMPTY);
            differences.put(entry.getKey(), entry.getValue().minus(before));
        }
        return differences;
    }
}
