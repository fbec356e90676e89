package io.bpfagent.cli.jvm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How a JVM was started, as far as that can be seen from outside. */
public final class FlagFinder {

    private static final List<String> VARIABLES = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private FlagFinder() {
    }

    /**
     * Whether {@code -XX:+name} or {@code -XX:-name} stands in the options; the last one counts, as
     * it does for HotSpot. Empty when neither is seen.
     */
    public static Optional<Boolean> isSet(TargetProcess process, String name) {
        Optional<Boolean> last = Optional.empty();
        for (String option : options(process)) {
            if (option.equals("-XX:+" + name)) {
                last = Optional.of(true);
            } else if (option.equals("-XX:-" + name)) {
                last = Optional.of(false);
            }
        }
        return last;
    }

    /** The value of a system property given with {@code -D}; the last one counts. */
    public static Optional<String> property(TargetProcess process, String name) {
        String begin = "-D" + name + "=";
        return options(process).stream().filter(option -> option.startsWith(begin)).reduce((first, last) -> last)
            .map(option -> option.substring(begin.length()));
    }

    /** What stands on the command line, in environment variables and, by the JVM's own word, in files. */
    private static List<String> options(TargetProcess process) {
        List<String> options = new ArrayList<>(process.commandLine());
        for (String variable : process.environment()) {
            if (VARIABLES.stream().anyMatch(v -> variable.startsWith(v + "="))) {
                options.addAll(List.of(variable.substring(variable.indexOf('=') + 1).split("\\s+")));
            }
        }
        process.perfData().ifPresent(data -> options.addAll(List.of(data.jvmArguments().split("\\s+"))));
        return options;
    }
}
