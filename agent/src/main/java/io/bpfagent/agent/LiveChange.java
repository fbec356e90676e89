package io.bpfagent.agent;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a user wants changed while the agent is there, checked as far as that is possible without changing anything.
 *
 * @param arguments  that are to count from now on
 * @param hasMetrics whether {@code metrics} is among what is given
 * @param switches   which probes are to be turned on, or off, by their names
 * @param given      what was asked for, as it was given
 */
record LiveChange(Arguments arguments, boolean hasMetrics, Map<String, Boolean> switches, String given) {
    /** What a key begins with that turns a probe on or off. */
    static final String SWITCH = "probe.";
    private static final String INTERNAL_KEY = "jar";

    /**
     * Reads a change.
     *
     * @param now  what counts now
     * @param text {@code key=value,key=value}
     * @throws ArgumentException by the rules that hold at the start too
     */
    static LiveChange of(Arguments now, String text) throws ArgumentException {
        Map<String, Boolean> switches = new LinkedHashMap<>();
        StringBuilder others = new StringBuilder();
        for (String part : text.split(",")) {
            String given = part.strip();
            int equals = given.indexOf('=');
            if (given.startsWith(SWITCH) && equals > 0) {
                String key = given.substring(0, equals).strip();
                String name = key.substring(SWITCH.length());
                boolean on = new Argument(key, given.substring(equals + 1).strip(), key).either("on", "off");
                if (switches.put(name, on) != null) {
                    throw new ArgumentException(key + " must be given once", given);
                }
            } else if (!given.isEmpty()) {
                others.append(others.length() == 0 ? "" : ",").append(given);
            }
        }
        Map<String, Argument> given = new ArgumentSources(Arguments.KEYS, INTERNAL_KEY, SlowArguments.PREFIX)
                .read(others.toString(), Map.of(), Map.of());
        if (given.isEmpty() && switches.isEmpty()) {
            throw new ArgumentException("something must be given that is to be changed, key=value", text.strip());
        }
        for (Argument argument : given.values()) {
            String key = argument.key();
            if (!Arguments.LIVE_KEYS.contains(key) && !key.startsWith(SlowArguments.PREFIX)) {
                throw new ArgumentException(key + " cannot be changed while the agent is there: detach, and attach with"
                        + " it; what can be changed is " + String.join(", ", Arguments.LIVE_KEYS)
                        + ", slow.METRIC and probe.NAME", argument.shown());
            }
        }
        return new LiveChange(now.changedBy(given), given.containsKey("metrics"), switches, text.strip());
    }
}
