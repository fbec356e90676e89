package io.bpfagent.it;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Programs, maps and links of the agent in the kernel, by their ids, which the kernel does not give
 * out again soon. Of one process, so that other agents on the machine do not matter:
 *
 * <pre>{@code
 * OurBpf ours = OurBpf.heldBy(host.pid());
 * host.detach();
 * ours.awaitGone();
 * }</pre>
 *
 * Needs bpftool.
 */
public record OurBpf(Set<Integer> programs, Set<Integer> maps, Set<Integer> links) {
    /** Programs are freed some RCU grace periods after the last descriptor is closed. */
    private static final int SHOWS = 5;
    private static final Duration FREED_WITHIN = Duration.ofSeconds(90);

    /** So often a descriptor is read whose number is given to another one meanwhile. */
    private static final int TRIES = 8;

    /** What the process has file descriptors of, and the maps of its programs. */
    public static OurBpf heldBy(long pid) {
        OurBpf held = none();
        try (DirectoryStream<Path> infos = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fdinfo"))) {
            for (Path info : infos) {
                Map<String, Integer> ids = ids(info);
                // A link's says which program is attached, too.
                add(held.links, ids.get("link_id"));
                add(held.programs, ids.get("prog_id"));
                add(held.maps, ids.get("map_id"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        list("prog").forEach((id, program) -> {
            if (held.programs.contains(id) && program.has("map_ids")) {
                program.getAsJsonArray("map_ids").forEach(map -> held.maps.add(map.getAsInt()));
            }
        });
        return held;
    }

    /** Whether the process has descriptors of programs: as {@link #heldBy} would say, but at once, without bpftool. */
    public static boolean hasPrograms(long pid) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : descriptors) {
                if (isProgram(descriptor)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isProgram(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).endsWith("anon_inode:bpf-prog");
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    /** All programs of ours, whoever holds them, with their maps and links; those of other tests too. */
    public static OurBpf inKernel() {
        OurNames ours = OurNames.read();
        OurBpf found = none();
        Map<Integer, JsonObject> maps = list("map");
        list("prog").forEach((id, program) -> {
            if (!ours.isProgram(text(program, "name")) || !program.has("map_ids")) {
                return;
            }
            Set<Integer> used = new TreeSet<>();
            program.getAsJsonArray("map_ids").forEach(map -> used.add(map.getAsInt()));
            // Others have programs of such names too, but not such maps.
            if (used.stream().filter(maps::containsKey).anyMatch(map -> ours.isMap(text(maps.get(map), "name")))) {
                found.programs.add(id);
                found.maps.addAll(used);
            }
        });
        list("link").forEach((id, link) -> {
            if (link.has("prog_id") && found.programs.contains(link.get("prog_id").getAsInt())) {
                found.links.add(id);
            }
        });
        return found;
    }

    private static OurBpf none() {
        return new OurBpf(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
    }

    /** What all JVMs of this machine hold. One that ends meanwhile holds nothing. */
    private static OurBpf heldByJvms() {
        OurBpf held = none();
        ProcessHandle.allProcesses().filter(process -> process.info().command().orElse("").endsWith("java"))
                .forEach(process -> {
                    try {
                        OurBpf of = heldBy(process.pid());
                        held.programs.addAll(of.programs);
                        held.maps.addAll(of.maps);
                        held.links.addAll(of.links);
                    } catch (UncheckedIOException | DirectoryIteratorException e) {
                        if (process.isAlive()) {
                            throw e;
                        }
                    }
                });
        return held;
    }

    /**
     * Returns once there is nothing of ours in the kernel but what was there at this moment, and what a JVM holds that
     * lives, be it another test's; fails after 90 s.
     */
    public void awaitNothingMore() {
        OurBpf[] more = {this};
        Await.until(FREED_WITHIN, () -> "held by no JVM that lives: " + more[0], () -> {
            more[0] = inKernel().without(this);
            if (!more[0].isEmpty()) {
                more[0] = more[0].without(heldByJvms()).remaining();
            }
            return more[0].isEmpty();
        });
    }

    /** What others have not. */
    public OurBpf without(OurBpf others) {
        OurBpf rest = new OurBpf(new TreeSet<>(programs), new TreeSet<>(maps), new TreeSet<>(links));
        rest.programs.removeAll(others.programs);
        rest.maps.removeAll(others.maps);
        rest.links.removeAll(others.links);
        return rest;
    }

    /** What of this still exists. */
    public OurBpf remaining() {
        return new OurBpf(both(programs, "prog"), both(maps, "map"), both(links, "link"));
    }

    public boolean isEmpty() {
        return programs.isEmpty() && maps.isEmpty() && links.isEmpty();
    }

    /** What the programs are called, 15 characters at most. */
    public Set<String> programNames() {
        Set<String> names = new TreeSet<>();
        list("prog").forEach((id, program) -> {
            if (programs.contains(id)) {
                names.add(OurNames.cut(text(program, "name")));
            }
        });
        return names;
    }

    /** Returns once nothing of this exists any more; fails after 90 s. */
    public void awaitGone() {
        OurBpf[] last = {this};
        Await.until(FREED_WITHIN, () -> "gone from the kernel, " + last[0], () -> {
            last[0] = remaining();
            return last[0].isEmpty();
        });
    }

    private static Set<Integer> both(Set<Integer> ids, String kind) {
        Set<Integer> both = new TreeSet<>(ids);
        if (!ids.isEmpty()) {
            both.retainAll(list(kind).keySet());
        }
        return both;
    }

    private static void add(Set<Integer> ids, Integer id) {
        if (id != null) {
            ids.add(id);
        }
    }

    /** The lines {@code link_id: 7} and the like of a /proc/PID/fdinfo/FD; none of one that is closed meanwhile. */
    private static Map<String, Integer> ids(Path info) throws IOException {
        IOException failed = null;
        for (int i = 0; i < TRIES; i++) {
            try {
                return ids(Files.readAllLines(info));
            } catch (IOException e) {
                // Closed before it was opened or, which has no exception of its own, before it was read.
                if (!Files.exists(info)) {
                    return Map.of();
                }
                // The number is another one's by now.
                failed = e;
            }
        }
        throw failed;
    }

    private static Map<String, Integer> ids(List<String> lines) {
        Map<String, Integer> ids = new HashMap<>();
        for (String line : lines) {
            String[] words = line.split(":\\s*");
            if (words.length == 2 && words[0].endsWith("_id") && words[1].matches("\\d{1,9}")) {
                ids.put(words[0], Integer.valueOf(words[1]));
            }
        }
        return ids;
    }

    private static String text(JsonObject object, String key) {
        return object.has(key) ? object.get(key).getAsString() : "";
    }

    /** All of {@code bpftool KIND show}, by id. */
    private static Map<Integer, JsonObject> list(String kind) {
        Map<Integer, JsonObject> found = new HashMap<>();
        for (JsonElement element : JsonParser.parseString(show(kind)).getAsJsonArray()) {
            found.put(element.getAsJsonObject().get("id").getAsInt(), element.getAsJsonObject());
        }
        return found;
    }

    /** It gives up with EAGAIN at a link that somebody is just making; there is nothing wrong with the next try. */
    private static String show(String kind) {
        for (int i = 1; i < SHOWS; i++) {
            try {
                return Tools.run("bpftool", "-j", kind, "show");
            } catch (AssertionError e) {
                continue;
            }
        }
        return Tools.run("bpftool", "-j", kind, "show");
    }
}
