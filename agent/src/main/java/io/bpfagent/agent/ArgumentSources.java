package io.bpfagent.agent;

import io.bpfagent.report.NearestName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Puts together what was given as argument string, as system properties {@code bpfagent.KEY} and as
 * environment variables {@code BPFAGENT_KEY}: for each key the first of these three counts.
 *
 * <p>An unknown key is refused wherever it stands. A value is looked at only where it counts, so
 * that an argument can replace a bad environment variable that cannot be changed.
 */
final class ArgumentSources {
    private static final String PROPERTY_PREFIX = "bpfagent.";
    /** The agent's own notes between its class loaders; not arguments. */
    private static final String INTERNAL_PREFIX = "bpfagent.internal.";
    private static final String VARIABLE_PREFIX = "BPFAGENT_";
    /** Its value goes on behind a comma: no item of it has an equals sign. */
    private static final String LIST = "trace";

    private final List<String> known;
    private final String internal;
    private final String prefix;
    private final Map<String, Argument> arguments = new LinkedHashMap<>();

    /**
     * For these keys.
     *
     * @param known    what a user may give, as messages list it
     * @param internal a key that is taken too, but not listed
     * @param prefix   so are those that begin with this; what follows is looked at by who reads them
     */
    ArgumentSources(List<String> known, String internal, String prefix) {
        this.known = known;
        this.internal = internal;
        this.prefix = prefix;
    }

    /** Reads the three sources and returns what counts, by key. */
    Map<String, Argument> read(String text, Map<String, String> properties,
            Map<String, String> environment) throws ArgumentException {
        readText(text);
        for (Map.Entry<String, String> property : properties.entrySet()) {
            String name = property.getKey();
            if (name.startsWith(PROPERTY_PREFIX) && !name.startsWith(INTERNAL_PREFIX)) {
                offer(name.substring(PROPERTY_PREFIX.length()), property.getValue(), name);
            }
        }
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            String name = variable.getKey();
            // an empty variable is how a shell's user takes one away
            if (name.startsWith(VARIABLE_PREFIX) && !variable.getValue().isBlank()) {
                offer(keyOf(name.substring(VARIABLE_PREFIX.length()).toLowerCase(Locale.ROOT)), variable.getValue(),
                        name);
            }
        }
        return arguments;
    }

    /** Of an environment variable: with the hyphen, or the point and the underscores, that shells do not take there. */
    private String keyOf(String name) {
        int point = prefix.length() - 1;
        boolean hasPrefix = name.length() > point + 1 && name.startsWith(prefix.substring(0, point))
                && name.charAt(point) == '_';
        return hasPrefix ? prefix + name.substring(point + 1) : name.replace('_', '-');
    }

    private void readText(String text) throws ArgumentException {
        if (text == null) {
            return;
        }
        String last = null;
        for (String part : text.split(",")) {
            String given = part.strip();
            if (given.isEmpty()) {
                continue;
            }
            int equals = given.indexOf('=');
            if (equals < 0 && LIST.equals(last)) {
                Argument begun = arguments.get(LIST);
                arguments.put(LIST, new Argument(LIST, begun.value() + "," + given, begun.source()));
                continue;
            }
            if (equals < 1) {
                throw new ArgumentException("an argument must be key=value", given);
            }
            String key = given.substring(0, equals).strip();
            last = key;
            if (arguments.containsKey(key)) {
                throw new ArgumentException(key + " must be given once", given);
            }
            offer(key, given.substring(equals + 1), key);
        }
    }

    private void offer(String key, String value, String source) throws ArgumentException {
        Argument argument = new Argument(key, value.strip(), source);
        if (!known.contains(key) && !key.equals(internal) && !key.startsWith(prefix)) {
            String nearest = NearestName.of(key, known).map(name -> " (nearest: " + name + ")").orElse("");
            throw new ArgumentException(
                    "a key must be one of " + String.join(", ", known) + nearest, argument.shown());
        }
        arguments.putIfAbsent(key, argument);
    }
}
