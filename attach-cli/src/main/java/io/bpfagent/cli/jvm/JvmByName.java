package io.bpfagent.cli.jvm;

import io.bpfagent.cli.errors.CliError;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Finds a JVM by a part of its main class's or jar's name. It attaches to nothing. */
public final class JvmByName {

    /** A line that can be read. */
    private static final int MOST_LISTED = 5;

    private JvmByName() {
    }

    /**
     * The PID of the only JVM that has this in its name, in any case; of several the one whose whole name it is,
     * with its package or without.
     *
     * @throws io.bpfagent.cli.errors.CliException when there is none, or more than one
     */
    public static int find(JvmFinder finder, String text) {
        List<TargetProcess> all = all(finder);
        List<TargetProcess> having = all.stream().filter(jvm -> contains(jvm.name(), text)).toList();
        List<TargetProcess> whole = having.stream().filter(jvm -> isWhole(jvm.name(), text)).toList();
        List<TargetProcess> found = whole.isEmpty() ? having : whole;
        if (found.isEmpty()) {
            throw CliError.NO_SUCH_JVM.because(" (" + text + " is in the name of none of " + all.size()
                + " that you may see). List them with: attach-cli list");
        }
        if (found.size() > 1) {
            String names = found.stream().limit(MOST_LISTED).map(jvm -> jvm.pid() + " " + jvm.name())
                .collect(Collectors.joining(", "));
            throw CliError.MORE_JVMS.because(" (" + text + ": " + names
                + (found.size() > MOST_LISTED ? " and " + (found.size() - MOST_LISTED) + " more" : "")
                + "). Give the PID, or more of the name.");
        }
        return found.get(0).pid();
    }

    private static List<TargetProcess> all(JvmFinder finder) {
        try {
            return finder.find();
        } catch (IOException unreadable) {
            throw CliError.UNEXPECTED.because(": /proc cannot be read: " + unreadable + ". Give the PID.", unreadable);
        }
    }

    private static boolean contains(String name, String text) {
        return name.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
    }

    private static boolean isWhole(String name, String text) {
        return name.equals(text) || name.endsWith("." + text) || name.endsWith("/" + text);
    }
}
