package io.bpfagent.cli;

import io.bpfagent.cli.control.EventsDocument;
import io.bpfagent.cli.control.PausesDocument;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How many: a whole number from 0, which {@code --follow} only takes, to as many as an agent keeps. */
abstract class LastConverter implements ITypeConverter<Integer> {

    /** Of pauses. */
    static final class OfPauses extends LastConverter {
        OfPauses() {
            super(PausesDocument.KEPT);
        }
    }

    /** Of slow events. */
    static final class OfEvents extends LastConverter {
        OfEvents() {
            super(EventsDocument.KEPT);
        }
    }

    private final int kept;

    private LastConverter(int kept) {
        this.kept = kept;
    }

    @Override
    public final Integer convert(String value) {
        try {
            int last = Integer.parseInt(value);
            if (last >= 0 && last <= kept) {
                return last;
            }
        } catch (NumberFormatException notANumber) {
            // told below, with the rule
        }
        throw new TypeConversionException(rule(kept, value));
    }

    /** What a message says. */
    static String rule(int kept, String value) {
        return "--last must be 1 .. " + kept + ", or 0 with --follow, --last=" + value;
    }
}
