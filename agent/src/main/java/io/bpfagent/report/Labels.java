package io.bpfagent.report;

import java.util.Locale;

/** What the constants of closed sets are called in reports. Stands apart from JMX's rows: a JVM may lack JMX. */
final class Labels {
    private Labels() {
    }

    /** The name of one, for example {@code process}. */
    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
