package io.bpfagent.cli;

import io.bpfagent.cli.control.PausesDocument;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How many pauses: a whole number from 0, which {@code --follow} only takes, to as many as an agent keeps. */
final class LastConverter implements ITypeConverter<Integer> {

    /** What a message says before the value. */
    static final String RULE = "--last must be 1 .. " + PausesDocument.KEPT + ", or 0 with --follow, --last=";

    @Override
    public Integer convert(String value) {
        try {
            int last = Integer.parseInt(value);
            if (last >= 0 && last <= PausesDocument.KEPT) {
                return last;
            }
        } catch (NumberFormatException notANumber) {
            // told below, with the rule
        }
        throw new TypeConversionException(RULE + value);
    }
}
