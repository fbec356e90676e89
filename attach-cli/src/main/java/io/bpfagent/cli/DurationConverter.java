package io.bpfagent.cli;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A duration, in ns: {@code 500us}, {@code 10ms}, {@code 1.5s}; without a unit ms, as in the agent's arguments. */
abstract class DurationConverter implements ITypeConverter<Long> {

    /** Of {@code --interval}: as long as the agent's own interval may be. */
    static final class OfInterval extends DurationConverter {
        OfInterval() {
            super("--interval", 100_000_000L, 3_600_000_000_000L, "100ms to 1h");
        }
    }

    /** Of {@code --duration}. */
    static final class OfDuration extends DurationConverter {
        OfDuration() {
            super("--duration", 100_000_000L, Long.MAX_VALUE, "100ms or more");
        }
    }

    private static final Pattern FORM = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?) *(us|ms|s|m|h|)");

    private final String option;
    private final long leastNs;
    private final long mostNs;
    private final String range;

    /** @param range what is allowed, in words; null when everything is */
    DurationConverter(String option, long leastNs, long mostNs, String range) {
        this.option = option;
        this.leastNs = leastNs;
        this.mostNs = mostNs;
        this.range = range;
    }

    @Override
    public final Long convert(String value) {
        Matcher form = FORM.matcher(value.strip());
        if (!form.matches()) {
            throw new TypeConversionException(
                option + " must be a number with us, ms, s, m, h or no unit (ms), " + option + "=" + value);
        }
        long unitNs = switch (form.group(2)) {
            case "us" -> 1_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> 1_000_000L;
        };
        // Nine digits of hours are more than a long holds; what is that long is for ever.
        long ns = new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(unitNs))
            .min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
        if (ns < leastNs || ns > mostNs) {
            throw new TypeConversionException(option + " must be " + range + ", " + option + "=" + value);
        }
        return ns;
    }
}
