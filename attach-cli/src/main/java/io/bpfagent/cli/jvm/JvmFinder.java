package io.bpfagent.cli.jvm;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The JVMs of this machine that this user can see, found by looking at /proc and the JVMs'
 * performance files. It attaches to nothing: attaching signals a process.
 */
public final class JvmFinder {

    private final Path proc;
    private final long ownPid;

    /**
     * @param proc where proc is mounted
     * @param ownPid the process to leave out: the command itself
     */
    public JvmFinder(Path proc, long ownPid) {
        this.proc = proc;
        this.ownPid = ownPid;
    }

    /** In ascending order of PIDs. */
    public List<TargetProcess> find() throws IOException {
        List<TargetProcess> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path directory : processes) {
                int pid = Integer.parseInt(directory.getFileName().toString());
                Optional<TargetProcess> process = pid == ownPid ? Optional.empty() : TargetProcess.find(proc, pid);
                // Kernel threads have no command line; it is the cheapest test.
                process.filter(p -> !p.commandLine().isEmpty() && p.isJvm()).ifPresent(found::add);
            }
        }
        found.sort(Comparator.comparingInt(TargetProcess::pid));
        return found;
    }
}
