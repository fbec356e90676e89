package io.bpfagent.cli.jvm;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What people call a JVM: its main class or jar, as jps shows it. */
final class JvmName {

    /** Options of the java launcher whose value is the next argument. */
    private static final Set<String> WITH_VALUE = Set.of("-cp", "-classpath", "--class-path", "-p",
        "--module-path", "--upgrade-module-path", "--add-modules", "--add-reads", "--add-exports",
        "--add-opens", "--limit-modules", "--patch-module", "--enable-native-access", "--source");

    private JvmName() {
    }

    /** Main class, jar file without its directory, or the program's name where neither is known. */
    static String of(Optional<PerfData> perfData, List<String> commandLine) {
        return perfData.flatMap(PerfData::javaCommand)
            .map(command -> fromCommand(command.split(" ")))
            .orElseGet(() -> fromCommandLine(commandLine));
    }

    /** The first word but for a source file, which the compiler's launcher runs. */
    private static String fromCommand(String[] words) {
        return fileName(words[0].startsWith("jdk.compiler/") && words.length > 1 ? words[1] : words[0]);
    }

    private static String fromCommandLine(List<String> commandLine) {
        for (int i = 1; i < commandLine.size(); i++) {
            String argument = commandLine.get(i);
            boolean main = argument.equals("-jar") || argument.equals("-m") || argument.equals("--module");
            if (main && i + 1 < commandLine.size()) {
                return fileName(commandLine.get(i + 1));
            }
            if (WITH_VALUE.contains(argument)) {
                i++;
            } else if (!argument.startsWith("-") && !argument.startsWith("@")) {
                return fileName(argument);
            }
        }
        return commandLine.isEmpty() ? "?" : fileName(commandLine.get(0));
    }

    /** The last part of a jar's path; a module/class pair stays whole. */
    private static String fileName(String path) {
        boolean isFile = path.endsWith(".jar") || path.endsWith(".java") || path.startsWith("/");
        return isFile ? path.substring(path.lastIndexOf('/') + 1) : path;
    }
}
