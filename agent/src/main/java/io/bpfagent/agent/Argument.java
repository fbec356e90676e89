package io.bpfagent.agent;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One argument as it was given, and the rules that turn its text into a value.
 *
 * @param key    the argument's name, whatever it was called where it was given
 * @param value  its text, without blanks around it
 * @param source how it was called there: {@code interval}, {@code bpfagent.interval} or
 *               {@code BPFAGENT_INTERVAL}
 */
record Argument(String key, String value, String source) {
    private static final int DURATION_DIGITS = 12;
    private static final int NUMBER_DIGITS = 9;

    /** What was given, as it stands in a refusal: {@code interval=5}. */
    String shown() {
        return source + "=" + value;
    }

    /** The refusal of this argument by the given rule, which is a sentence after the key. */
    ArgumentException refused(String rule) {
        return new ArgumentException(key + " " + rule, shown());
    }

    /** A duration such as {@code 500ms}, {@code 2s}, {@code 1m} or {@code 1h}; without a unit, ms. */
    Duration duration(Duration least, Duration most) throws ArgumentException {
        int digits = digits(value);
        if (digits == 0 || digits > DURATION_DIGITS) {
            throw noDuration();
        }
        long number = Long.parseLong(value.substring(0, digits));
        Duration duration = switch (value.substring(digits).strip()) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "ms", "" -> Duration.ofMillis(number);
            default -> throw noDuration();
        };
        if (duration.compareTo(least) < 0) {
            throw refused("must be >= " + shown(least, " "));
        }
        if (duration.compareTo(most) > 0) {
            throw refused("must be <= " + shown(most, " "));
        }
        return duration;
    }

    /**
     * A duration such as {@code 250us}, {@code 10ms} or {@code 2s}, or {@code 0}, as ns; without a unit, ms.
     *
     * @param more what else the value can be, which the caller has looked at
     */
    long shortDuration(long leastNs, long mostNs, String more) throws ArgumentException {
        int digits = digits(value);
        String rule = "must be a whole number with us, ms, s, m or h, from " + shownShort(leastNs) + " to "
                + shownShort(mostNs) + more;
        long unitNs = switch (value.substring(digits).strip()) {
            case "us" -> 1_000L;
            case "ms", "" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> throw refused(rule);
        };
        if (digits == 0 || digits > NUMBER_DIGITS) {
            throw refused(rule);
        }
        long number = Long.parseLong(value.substring(0, digits));
        if (number > mostNs / unitNs || number * unitNs < leastNs) {
            throw refused(rule);
        }
        return number * unitNs;
    }

    /** In the largest unit that holds it exactly: the inverse of {@link #shortDuration}. */
    static String shownShort(long ns) {
        return ns % 1_000_000 == 0 ? ns == 0 ? "0" : shown(Duration.ofNanos(ns), "") : ns / 1_000 + "us";
    }

    private ArgumentException noDuration() {
        return refused("must be a whole number with ms, s, m or h");
    }

    /** How many digits, 0 to 9, a text begins with. */
    private static int digits(String text) {
        int count = 0;
        while (count < text.length() && text.charAt(count) >= '0' && text.charAt(count) <= '9') {
            count++;
        }
        return count;
    }

    /** A duration in the largest unit that holds it exactly: the inverse of {@link #duration}. */
    static String shown(Duration duration, String gap) {
        long ms = duration.toMillis();
        if (ms % 3_600_000 == 0) {
            return ms / 3_600_000 + gap + "h";
        }
        if (ms % 60_000 == 0) {
            return ms / 60_000 + gap + "m";
        }
        return ms % 1000 == 0 ? ms / 1000 + gap + "s" : ms + gap + "ms";
    }

    int wholeNumber(int least, int most) throws ArgumentException {
        return wholeNumber(least, most, "");
    }

    /** The same; {@code why} goes on the rule. */
    int wholeNumber(int least, int most, String why) throws ArgumentException {
        int number = number();
        if (number < least || number > most) {
            throw refused("must be a whole number from " + least + " to " + most + why);
        }
        return number;
    }

    int powerOfTwo(int least, int most) throws ArgumentException {
        int number = number();
        if (number < least || number > most || Integer.bitCount(number) != 1) {
            throw refused("must be a power of two from " + least + " to " + most);
        }
        return number;
    }

    /** A number of up to nine digits, or -1 for what is none. */
    private int number() {
        boolean number = !value.isEmpty() && value.length() <= NUMBER_DIGITS && digits(value) == value.length();
        return number ? Integer.parseInt(value) : -1;
    }

    /** One of an enum's constants by its name in lower case. */
    <E extends Enum<E>> E oneOf(Class<E> type) throws ArgumentException {
        List<String> names = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            names.add(label(constant));
        }
        int index = names.indexOf(value);
        if (index >= 0) {
            return type.getEnumConstants()[index];
        }
        int last = names.size() - 1;
        throw refused("must be " + String.join(", ", names.subList(0, last)) + " or " + names.get(last));
    }

    /** One of two words. */
    boolean either(String yes, String no) throws ArgumentException {
        if (!value.equals(yes) && !value.equals(no)) {
            throw refused("must be " + yes + " or " + no);
        }
        return value.equals(yes);
    }

    String text() throws ArgumentException {
        if (value.isEmpty()) {
            throw refused("must not be empty");
        }
        return value;
    }

    Path path() throws ArgumentException {
        try {
            return Path.of(text());
        } catch (InvalidPathException e) {
            throw refused("must be a path");
        }
    }

    static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
