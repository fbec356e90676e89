package io.bpfagent.cli.jvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The command that has made a copy of the agent's jar, as an empty file beside the copy names it. A name can be read
 * without opening anything that somebody else may have put there.
 *
 * @param pidNamespace in which its PID counts, by the number that the kernel gives it
 * @param pid its process
 * @param startTicks when that began, since boot: with the PID it names a process for good
 */
record JarMaker(long pidNamespace, int pid, long startTicks) {

    private static final Pattern NAME = Pattern.compile("made-by-(\\d{1,18})-(\\d{1,9})-(\\d{1,18})");
    private static final Pattern NAMESPACE = Pattern.compile("pid:\\[(\\d{1,18})]");
    private static final Path PROC = Path.of("/proc");

    /** This process. */
    static JarMaker own() throws IOException {
        int pid = Integer.parseInt(Files.readSymbolicLink(PROC.resolve("self")).toString());
        String began = TargetProcess.startTicks(PROC.resolve("self"));
        if (began.isEmpty()) {
            throw new IOException("/proc/self/stat cannot be read");
        }
        return new JarMaker(ownNamespace(), pid, Long.parseLong(began));
    }

    /** The one whom a file of this name means; empty for any other name. */
    static Optional<JarMaker> named(String fileName) {
        Matcher name = NAME.matcher(fileName);
        return name.matches() ? Optional.of(new JarMaker(Long.parseLong(name.group(1)),
            Integer.parseInt(name.group(2)), Long.parseLong(name.group(3)))) : Optional.empty();
    }

    /** The name of the file that means it. */
    String fileName() {
        return "made-by-" + pidNamespace + "-" + pid + "-" + startTicks;
    }

    /**
     * Whether that process has certainly ended. Of one in another PID namespace nothing is known here, nor where
     * processes of others are hidden (hidepid of proc(5)): there 1 is too, which always runs.
     */
    boolean isGone() throws IOException {
        return pidNamespace == ownNamespace() && Files.exists(PROC.resolve("1"))
            && !TargetProcess.startTicks(PROC.resolve(Integer.toString(pid))).equals(Long.toString(startTicks));
    }

    private static long ownNamespace() throws IOException {
        Matcher link = NAMESPACE.matcher(Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString());
        if (!link.matches()) {
            throw new IOException("/proc/self/ns/pid cannot be read");
        }
        return Long.parseLong(link.group(1));
    }
}
