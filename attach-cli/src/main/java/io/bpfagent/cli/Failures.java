package io.bpfagent.cli;

import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** What the user sees when something went wrong: one line on standard error, and the exit code. */
final class Failures {

    private Failures() {
    }

    /** Exit code 2: the rule that was broken, and where to read on. */
    static int wrongUsage(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(rule(wrong).replaceAll("\\s*\\R\\s*", " "));
        err.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    /** picocli's words without what says how it counts, not what the user did. */
    private static String rule(ParameterException wrong) {
        if (wrong instanceof UnmatchedArgumentException unmatched && wrong.getCommandLine().getParent() == null
            && !unmatched.getUnmatched().get(0).startsWith("-")) {
            return "Neither a PID nor a verb: " + unmatched.getUnmatched().get(0);
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
        command.getErr().println(told.getMessage());
        if (verbose) {
            told.printStackTrace(command.getErr());
        }
        return command.getCommandSpec().exitCodeOnExecutionException();
    }
}
