package io.bpfagent.cli.jvm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What /proc/PID/status says (proc_pid_status(5)), as far as it is needed here.
 *
 * @param tgid the process the thread belongs to; equals the PID for a process
 * @param innerPid the PID in the innermost namespace, which the process itself sees
 * @param state one letter: R, S, D, T (stopped), t (traced), Z (zombie) ...
 * @param uid effective user
 * @param gid effective group
 * @param isOneUsers the real, effective, saved and file system's user are one, and so are the groups
 * @param caughtSignals bit n-1 is set when signal n has a handler (SigCgt)
 * @param capabilities the bits of CapEff, -1 where it does not say
 * @param seccomp 0 none, 1 strict, 2 filtered, -1 where it does not say
 */
public record ProcStatus(int tgid, int innerPid, char state, int uid, int gid, boolean isOneUsers,
    long caughtSignals, long capabilities, int seccomp) {

    private static final int SIGQUIT = 3;

    /** Whether SIGQUIT has a handler; without one the signal would kill the process. */
    boolean catchesSigquit() {
        return (caughtSignals >> (SIGQUIT - 1) & 1) != 0;
    }

    /** Empty when there is no such process or it ended while being read. */
    public static Optional<ProcStatus> read(Path processDirectory) {
        try {
            return Optional.of(parse(Files.readString(processDirectory.resolve("status"),
                StandardCharsets.ISO_8859_1)));
        } catch (IOException | RuntimeException gone) {
            return Optional.empty();
        }
    }

    static ProcStatus parse(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String line : text.split("\n")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        String[] pids = fields.getOrDefault("NSpid", fields.get("Pid")).split("\\s+");
        return new ProcStatus(
            Integer.parseInt(fields.get("Tgid")),
            Integer.parseInt(pids[pids.length - 1]),
            fields.get("State").charAt(0),
            effective(fields.get("Uid")),
            effective(fields.get("Gid")),
            isOne(fields.get("Uid")) && isOne(fields.get("Gid")),
            Long.parseUnsignedLong(fields.getOrDefault("SigCgt", "0"), 16),
            fields.containsKey("CapEff") ? Long.parseUnsignedLong(fields.get("CapEff"), 16) : -1,
            Integer.parseInt(fields.getOrDefault("Seccomp", "-1")));
    }

    private static boolean isOne(String ids) {
        return Stream.of(ids.split("\\s+")).distinct().count() == 1;
    }

    /** Real, effective, saved, file system: the second is the one that HotSpot compares. */
    private static int effective(String ids) {
        return Integer.parseUnsignedInt(ids.split("\\s+")[1]);
    }
}
