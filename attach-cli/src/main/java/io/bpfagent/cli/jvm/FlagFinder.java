package io.bpfagent.cli.jvm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How a boolean flag of HotSpot was given to a JVM, as far as that can be seen from outside. */
final class FlagFinder {

    private static final List<String> VARIABLES = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private FlagFinder() {
    }

    /**
     * Whether {@code -XX:+name} or {@code -XX:-name} stands in the options; the last one counts, as
     * it does for HotSpot. Empty when neither is seen.
     */
    static Optional<Boolean> isSet(TargetProcess process, Optional<PerfData> perfData, String name) {
        List<String> options = new ArrayList<>(process.commandLine());
        for (String variable : process.environment()) {
            if (VARIABLES.stream().anyMatch(v -> variable.startsWith(v + "="))) {
                options.addAll(List.of(variable.substring(variable.indexOf('=') + 1).split("\\s+")));
            }
        }
        perfData.ifPresent(data -> options.addAll(List.of(data.jvmArguments().split("\\s+"))));
        Optional<Boolean> last = Optional.empty();
        for (String option : options) {
            if (option.equals("-XX:+" + name)) {
                last = Optional.of(true);
            } else if (option.equals("-XX:-" + name)) {
                last = Optional.of(false);
            }
        }
        return last;
    }
}
