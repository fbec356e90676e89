package io.bpfagent.report;

import io.bpfagent.correlation.Occupant;
import java.util.Locale;

/** What the kinds of occupants are called in reports. Stands apart from JMX's rows: a JVM may lack JMX. */
final class OccupantKinds {
    private OccupantKinds() {
    }

    /** The name of one, for example {@code process}. */
    static String label(Occupant.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
