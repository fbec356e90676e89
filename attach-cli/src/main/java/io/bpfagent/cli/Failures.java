package io.bpfagent.cli;

import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** What the user sees when something went wrong: one line on standard error, and the exit code. */
final class Failures {

    /** Of one argument in a message: the line is to be read, and an argument may be a whole file by mistake. */
    private static final int MAX_QUOTED = 200;

    private Failures() {
    }

    /** Exit code 2: the rule that was broken, and where to read on. */
    static int wrongUsage(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(cut(rule(wrong), List.of(arguments)).replaceAll("\\s*\\R\\s*", " "));
        err.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    /** picocli's words without what says how it counts, not what the user did. */
    private static String rule(ParameterException wrong) {
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            String first = unmatched.getUnmatched().get(0);
            if (first.matches("-[0-9]+")) {
                return PidConverter.RULE + first;
            }
            if (wrong.getCommandLine().getParent() == null && !first.startsWith("-")) {
                return "Neither a PID nor a verb: " + first;
            }
        }
        return wrong.getMessage()
            .replaceFirst("^Invalid value for positional parameter at index \\d+ \\(.*?\\): ", "")
            .replaceFirst("^Invalid value for option '.*?'( \\(.*?\\))?: ", "")
            .replaceFirst("^Error: ", "");
    }

    /** Exit code 1: what failed, why, what to do; the stack only with {@code --verbose}. */
    static int failed(Exception failure, CommandLine command, ParseResult parsed) {
        boolean verbose = command.getCommand() instanceof Verb verb && verb.isVerbose();
        CliException told = failure instanceof CliException known ? known
            : CliError.UNEXPECTED.because(": " + failure + ". Run again with --verbose and report it.", failure);
        command.getErr().println(cut(told.getMessage(), parsed.originalArgs()));
        if (verbose) {
            told.printStackTrace(command.getErr());
        }
        return command.getCommandSpec().exitCodeOnExecutionException();
    }

    /** The message with the first 200 characters of each argument, or of an option's value, that it quotes. */
    private static String cut(String message, List<String> arguments) {
        String cut = message;
        for (String argument : arguments) {
            for (String quoted : List.of(argument, argument.substring(argument.indexOf('=') + 1))) {
                if (quoted.length() > MAX_QUOTED) {
                    cut = cut.replace(quoted, quoted.substring(0, MAX_QUOTED) + "...");
                }
            }
        }
        return cut;
    }
}
