package io.bpfagent.cli;

import io.bpfagent.cli.jvm.JvmByName;
import io.bpfagent.cli.jvm.JvmFinder;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * What stands where a PID does: a whole number from 1, or a part of a JVM's name, which is looked up when it is
 * used.
 */
final class PidConverter implements ITypeConverter<String> {

    /** What a message says before the value. */
    static final String RULE = "PID must be a number >= 1, or a part of the main class's name, PID=";

    @Override
    public String convert(String value) {
        if (value.isBlank() || value.startsWith("-") || isNumber(value) && !isPid(value)) {
            throw new TypeConversionException(RULE + value);
        }
        return value;
    }

    /**
     * The JVM that is meant.
     *
     * @throws io.bpfagent.cli.errors.CliException when it was given by a name that none has, or several
     */
    static int pid(Environment environment, String target) {
        return isNumber(target) ? Integer.parseInt(target)
            : JvmByName.find(new JvmFinder(environment.proc(), environment.ownPid()), target);
    }

    private static boolean isNumber(String value) {
        return value.matches("[0-9]+");
    }

    private static boolean isPid(String value) {
        try {
            return Integer.parseInt(value) > 0;
        } catch (NumberFormatException tooLarge) {
            return false;
        }
    }
}
