package io.bpfagent.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A process id: a whole number from 1. */
final class PidConverter implements ITypeConverter<Integer> {

    /** What a message says before the value. */
    static final String RULE = "PID must be a number >= 1, PID=";

    @Override
    public Integer convert(String value) {
        try {
            int pid = Integer.parseInt(value);
            if (pid > 0) {
                return pid;
            }
        } catch (NumberFormatException notANumber) {
            // told below, with the rule
        }
        throw new TypeConversionException(RULE + value);
    }
}
