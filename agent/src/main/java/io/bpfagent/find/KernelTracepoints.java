package io.bpfagent.find;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The kernel's tracepoints, out of its BTF: for each there is a typedef {@code btf_trace_NAME} of a pointer to a
 * prototype, whose first parameter is not the tracepoint's. Those of modules are not among them.
 *
 * <p>Each question reads the file: 30 ms and 1 MB of garbage for one tracepoint.
 *
 * <p>BTF knows no groups. They are directories of tracefs, which only root reads and which is often not mounted.
 *
 * @param btf    the file
 * @param events where tracefs may have its directories of events, the first that can be listed counts
 */
record KernelTracepoints(String btf, List<String> events) {
    private static final String PREFIX = "btf_trace_";

    /** Those of this machine's kernel. */
    static KernelTracepoints ofThisMachine() {
        return new KernelTracepoints("/sys/kernel/btf/vmlinux",
                List.of("/sys/kernel/tracing/events", "/sys/kernel/debug/tracing/events"));
    }

    /** How many arguments the tracepoint has, -1 when there is none of that name. */
    int arguments(String event) throws IOException {
        Integer arguments = read(event).get(event);
        return arguments == null ? -1 : arguments;
    }

    /** All of them, with the number of their arguments. */
    Map<String, Integer> all() throws IOException {
        return read(null);
    }

    /** Has a look at the name of each. */
    void offerAll(Nearest nearest) throws IOException {
        try (BtfTypes types = new BtfTypes(btf)) {
            byte[] prefix = PREFIX.getBytes(StandardCharsets.ISO_8859_1);
            for (String text = types.nextString(prefix); text != null; text = types.nextString(prefix)) {
                nearest.offer(text.substring(PREFIX.length()));
            }
        }
    }

    /** Once through the strings, three times through the types: so that no list of all types is needed. */
    private Map<String, Integer> read(String event) throws IOException {
        try (BtfTypes types = new BtfTypes(btf)) {
            Map<Integer, String> names = names(types, event);
            Map<String, Integer> pointerOf = new HashMap<>();
            Map<Integer, Integer> targetOf = new HashMap<>();
            Map<Integer, Integer> itemsOf = new HashMap<>();
            if (names.isEmpty()) {
                return Map.of();
            }
            types.rewind();
            while (types.nextType()) {
                String name = types.kind() == BtfTypes.KIND_TYPEDEF ? names.get(types.nameOffset()) : null;
                if (name != null) {
                    pointerOf.put(name, types.type());
                    targetOf.put(types.type(), 0);
                }
            }
            types.rewind();
            while (types.nextType()) {
                if (types.kind() == BtfTypes.KIND_POINTER && targetOf.containsKey(types.id())) {
                    targetOf.put(types.id(), types.type());
                    itemsOf.put(types.type(), 0);
                }
            }
            types.rewind();
            while (types.nextType()) {
                if (types.kind() == BtfTypes.KIND_FUNCTION_PROTOTYPE && itemsOf.containsKey(types.id())) {
                    itemsOf.put(types.id(), types.items());
                }
            }
            Map<String, Integer> arguments = new TreeMap<>();
            for (Map.Entry<String, Integer> entry : pointerOf.entrySet()) {
                int items = itemsOf.getOrDefault(targetOf.get(entry.getValue()), 0);
                if (items > 0) {
                    arguments.put(entry.getKey(), items - 1);
                }
            }
            return arguments;
        }
    }

    /** By their place among the strings. @param event only this one, null for all */
    private static Map<Integer, String> names(BtfTypes types, String event) throws IOException {
        String wanted = event == null ? PREFIX : PREFIX + event;
        byte[] prefix = wanted.getBytes(StandardCharsets.ISO_8859_1);
        Map<Integer, String> names = new HashMap<>();
        for (String text = types.nextString(prefix); text != null; text = types.nextString(prefix)) {
            if (event == null || text.length() == wanted.length()) {
                names.put(types.nameOffset(), text.substring(PREFIX.length()));
            }
        }
        return names;
    }

    /** Whether groups are known: tracefs is mounted and may be read. */
    boolean knowsGroups() {
        return directory() != null;
    }

    /** Whether the event is in that group; true also when groups are not known. */
    boolean isInGroup(String group, String event) {
        File directory = directory();
        return directory == null || !group.contains("/") && new File(new File(directory, group), event).isDirectory();
    }

    /** The group of each event; empty when groups are not known. */
    Map<String, String> groups() {
        File directory = directory();
        Map<String, String> groups = new HashMap<>();
        String[] names = directory == null ? null : directory.list();
        for (String group : names == null ? new String[0] : names) {
            String[] inGroup = new File(directory, group).list();
            for (String event : inGroup == null ? new String[0] : inGroup) {
                groups.put(event, group);
            }
        }
        return groups;
    }

    private File directory() {
        for (String path : events) {
            File directory = new File(path);
            String[] names = directory.list();
            if (names != null && names.length > 0) {
                return directory;
            }
        }
        return null;
    }
}
