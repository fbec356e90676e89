package io.bpfagent.agent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Whether arguments that somebody asks for are those that an agent goes by already. */
public final class ArgumentsInForce {
    private static final String SLOW = "slow.";

    private ArgumentsInForce() {}

    /**
     * Compares what is asked for, and nothing else, as both are shown: {@code 1000ms} is {@code 1s}.
     *
     * @param asked   {@code key=value,key=value}, as given to the agent
     * @param inForce {@link Arguments#text} of the agent that is there
     * @return what is otherwise there, each {@code interval=1s, not 500ms}
     */
    public static List<String> differing(String asked, String inForce) throws ArgumentException {
        Map<String, String> wanted = split(Arguments.read(asked, Map.of(), Map.of()).text());
        Map<String, String> there = split(inForce);
        List<String> differing = new ArrayList<>();
        TreeSet<String> keys = new TreeSet<>();
        for (String key : split(asked).keySet()) {
            if (key.startsWith(SLOW)) {
                // One of these may stand for two.
                addSlow(keys, wanted);
            } else {
                keys.add(key);
            }
        }
        for (String key : keys) {
            String is = there.get(key);
            String want = wanted.get(key);
            if (want != null && !want.equals(is)) {
                differing.add(is == null ? "no " + key + "=" + want : key + "=" + is + ", not " + want);
            }
        }
        return differing;
    }

    private static void addSlow(TreeSet<String> keys, Map<String, String> wanted) {
        for (String key : wanted.keySet()) {
            if (key.startsWith(SLOW)) {
                keys.add(key);
            }
        }
    }

    private static Map<String, String> split(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String pair : text.split(",")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                values.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
            }
        }
        return values;
    }
}
