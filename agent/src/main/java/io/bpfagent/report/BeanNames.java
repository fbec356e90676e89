package io.bpfagent.report;

import io.bpfagent.correlation.Metric;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/** The names of the beans: domain {@code io.bpfagent}. */
final class BeanNames {
    private static final String DOMAIN = "io.bpfagent:";
    /** What an unquoted value may not contain, or not be a plain name with. */
    private static final String NEEDS_QUOTES = ",=:\"*?\n";

    private BeanNames() {
    }

    static ObjectName agent() {
        return name("type=Agent");
    }

    static ObjectName threads() {
        return name("type=Threads");
    }

    static ObjectName remotes() {
        return name("type=Remotes");
    }

    static ObjectName disks() {
        return name("type=Disks");
    }

    static ObjectName contexts() {
        return name("type=Contexts");
    }

    static ObjectName pauses() {
        return name("type=Pauses");
    }

    static ObjectName events() {
        return name("type=Events");
    }

    static ObjectName latency(Metric metric) {
        return name("type=Latency,metric=" + metric.metric());
    }

    static ObjectName latency(Metric metric, String pool) {
        return name("type=Latency,metric=" + metric.metric() + ",pool=" + quoted(pool));
    }

    static ObjectName operation(Metric metric, String operation) {
        return name("type=Latency,metric=" + metric.metric() + ",operation=" + quoted(operation));
    }

    static ObjectName ofContext(Metric metric, String context) {
        return name("type=Latency,metric=" + metric.metric() + ",context=" + quoted(context));
    }

    /** The value as it is, or quoted when JMX would not take it so. */
    static String quoted(String value) {
        boolean plain = !value.isEmpty();
        for (int i = 0; i < value.length(); i++) {
            plain &= NEEDS_QUOTES.indexOf(value.charAt(i)) < 0;
        }
        return plain ? value : ObjectName.quote(value);
    }

    private static ObjectName name(String properties) {
        try {
            return new ObjectName(DOMAIN + properties);
        } catch (MalformedObjectNameException e) {
            throw new IllegalArgumentException(properties, e);
        }
    }
}
