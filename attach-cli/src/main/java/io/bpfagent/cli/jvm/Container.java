package io.bpfagent.cli.jvm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * In what a process is apart from this command.
 *
 * @param id the container's id or name out of its cgroup's path (Docker, containerd, CRI-O, Podman, systemd-nspawn,
 *     LXC), null where there is none
 * @param innerPid the PID that the process itself sees
 * @param namespaces {@code pid}, {@code mnt} and {@code user}, those that are not this command's
 */
public record Container(String id, int innerPid, List<String> namespaces) {

    private static final List<String> LOOKED_AT = List.of("pid", "mnt", "user");
    /** A container's id is 64 hexadecimal digits; or what machinectl and LXC call it. */
    private static final Pattern IDS = Pattern.compile("(?<![0-9a-f])([0-9a-f]{64})(?![0-9a-f])"
        + "|/machine-([^/]+)\\.scope|/lxc(?:\\.payload)?[./]([^/]+)");

    public Container {
        namespaces = List.copyOf(namespaces);
    }

    /** Whether anything is different at all. */
    public boolean isAny() {
        return id != null || !namespaces.isEmpty();
    }

    static Container of(Path proc, Path process, int innerPid) {
        List<String> different = new ArrayList<>();
        for (String namespace : LOOKED_AT) {
            if (isOther(proc.resolve("self/ns"), process.resolve("ns"), namespace)) {
                different.add(namespace);
            }
        }
        // From inside all processes have the container's id: they are where this command is.
        String id = id(process);
        return new Container(id != null && id.equals(id(proc.resolve("self"))) ? null : id, innerPid, different);
    }

    private static boolean isOther(Path own, Path its, String namespace) {
        try {
            Path link = Files.readSymbolicLink(own.resolve(namespace));
            return !link.equals(Files.readSymbolicLink(its.resolve(namespace)));
        } catch (IOException hidden) {
            return false; // of another user's process, or one that has ended
        }
    }

    /** The innermost one's, of any hierarchy: version 1 has a line for each controller, version 2 one in all. */
    private static String id(Path process) {
        try {
            return idIn(Files.readString(process.resolve("cgroup"), StandardCharsets.ISO_8859_1));
        } catch (IOException hidden) {
            return null;
        }
    }

    static String idIn(String cgroups) {
        for (String line : cgroups.split("\n")) {
            Matcher matcher = IDS.matcher(line);
            String last = null;
            while (matcher.find()) {
                last = matcher.group(1) != null ? matcher.group(1)
                    : matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
            }
            if (last != null) {
                return last;
            }
        }
        return null;
    }
}
