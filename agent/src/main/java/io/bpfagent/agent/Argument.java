package io.bpfagent.agent;

import io.bpfagent.correlation.ThreadState;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One argument as it was given, and the rules that turn its text into a value.
 *
 * @param key    the argument's name, whatever it was called where it was given
 * @param value  its text, without blanks around it
 * @param source how it was called there: {@code interval}, {@code bpfagent.interval} or
 *               {@code BPFAGENT_INTERVAL}
 */
record Argument(String key, String value, String source) {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|)");

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
        Matcher matcher = DURATION.matcher(value);
        if (!matcher.matches()) {
            throw refused("must be a whole number with ms, s, m or h");
        }
        long number = Long.parseLong(matcher.group(1));
        Duration duration = switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofMillis(number);
        };
        if (duration.compareTo(least) < 0) {
            throw refused("must be >= " + shown(least, " "));
        }
        if (duration.compareTo(most) > 0) {
            throw refused("must be <= " + shown(most, " "));
        }
        return duration;
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
        if (value.matches("\\d{1,9}")) {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw refused("must be a whole number from " + least + " to " + most);
    }

    /** One of an enum's constants by its name in lower case. */
    <E extends Enum<E>> E oneOf(Class<E> type) throws ArgumentException {
        List<String> names = Arrays.stream(type.getEnumConstants()).map(Argument::label).toList();
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

    /** {@code all}, or names of metrics joined by {@code +}. */
    Set<ThreadState> metrics() throws ArgumentException {
        if (value.equals("all")) {
            return allMetrics();
        }
        EnumSet<ThreadState> metrics = EnumSet.noneOf(ThreadState.class);
        for (String name : value.split("\\+", -1)) {
            metrics.add(ThreadState.ofMetric(name.strip()).orElseThrow(() -> refused(
                    "must be all, or some of " + names(allMetrics(), ", ") + " joined by +")));
        }
        return Collections.unmodifiableSet(metrics);
    }

    static Set<ThreadState> allMetrics() {
        return Collections.unmodifiableSet(EnumSet.allOf(ThreadState.class));
    }

    static String names(Set<ThreadState> metrics, String between) {
        return metrics.stream().map(ThreadState::metric).collect(Collectors.joining(between));
    }

    static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
