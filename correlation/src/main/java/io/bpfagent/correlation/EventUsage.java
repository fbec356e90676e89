package io.bpfagent.correlation;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What HotSpot's probes told about the whole process. Immutable.
 *
 * @param metrics    a distribution for each metric of which something was counted
 * @param operations of {@link EventMetric#VM_OPERATION} by the operation's name, in order of appearance
 */
public record EventUsage(Map<EventMetric, Distribution> metrics, Map<String, Distribution> operations) {
    /** Nothing counted. */
    public static final EventUsage NONE = new EventUsage(Map.of(), Map.of());

    public EventUsage {
        metrics = metrics.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(metrics));
        operations = operations.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(operations));
    }

    /** What was counted of {@code metric}. */
    public Distribution of(EventMetric metric) {
        return metrics.getOrDefault(metric, Distribution.EMPTY);
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
        Map<EventMetric, Distribution> metricDifferences = new EnumMap<>(EventMetric.class);
        for (Map.Entry<EventMetric, Distribution> entry : metrics.entrySet()) {
            metricDifferences.put(entry.getKey(), entry.getValue().minus(earlier.of(entry.getKey())));
        }
        Map<String, Distribution> operationDifferences = new LinkedHashMap<>();
        for (Map.Entry<String, Distribution> entry : operations.entrySet()) {
            operationDifferences.put(entry.getKey(), entry.getValue().minus(earlier.ofOperation(entry.getKey())));
        }
        return new EventUsage(metricDifferences, operationDifferences);
    }
}
