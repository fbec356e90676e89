package io.bpfagent.cli;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code --min}, in ns: {@code 500us}, {@code 10ms}, {@code 1.5s}; without a unit ms, as in the agent's arguments. */
final class MinConverter implements ITypeConverter<Long> {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?) *(us|ms|s|m|h|)");

    @Override
    public Long convert(String value) {
        Matcher form = FORM.matcher(value.strip());
        if (!form.matches()) {
            throw new TypeConversionException(
                "--min must be a number with us, ms, s, m, h or no unit (ms), --min=" + value);
        }
        long unitNs = switch (form.group(2)) {
            case "us" -> 1_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> 1_000_000L;
        };
        // Nine digits of hours are more than a long holds; what is that long is for ever.
        return new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(unitNs))
            .min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
    }
}
