package io.bpfagent.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A process id: a whole number from 1. */
final class PidConverter implements ITypeConverter<Integer> {

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
        throw new TypeConversionException("PID must be a number >= 1, PID=" + value);
    }
}
