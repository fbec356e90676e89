package io.bpfagent.cli.jvm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One process as /proc shows it, with the way to its own /tmp.
 *
 * <p>What it says is of the moment of asking; a process can end at any time, and then the answers
 * are empty, never an exception.
 */
public final class TargetProcess {

    /** What the kernel writes behind the path of a file that is gone. */
    private static final String DELETED = " (deleted)";

    private final Path proc;
    private final int pid;
    private final ProcStatus status;

    private final String startTicks;

    private TargetProcess(Path proc, int pid, ProcStatus status) {
        this.proc = proc;
        this.pid = pid;
        this.status = status;
        this.startTicks = startTicks(directory());
    }

    /**
     * The process with this PID, as it is now; empty when there is none (a zombie is none).
     *
     * @param proc where proc is mounted, /proc but in tests
     */
    public static Optional<TargetProcess> find(Path proc, int pid) {
        return ProcStatus.read(proc.resolve(Integer.toString(pid)))
            .filter(status -> status.state() != 'Z' && status.state() != 'X')
            .map(status -> new TargetProcess(proc, pid, status));
    }

    /** The PID as this command's namespace sees it. */
    public int pid() {
        return pid;
    }

    /** The PID that the process itself sees, for the names of its files in /tmp. */
    public int innerPid() {
        return status.innerPid();
    }

    /** The process that it belongs to: not the PID when that is a thread's. */
    public int threadGroup() {
        return status.tgid();
    }

    /** Effective user. */
    public int uid() {
        return status.uid();
    }

    /** Effective group. */
    public int gid() {
        return status.gid();
    }

    /** The PID namespace and the others in which it differs from this command, and the name of its container. */
    public Container container() {
        return Container.of(proc, directory(), innerPid());
    }

    /**
     * Whether only its own user is let in there: it is in another user namespace than this command, where root of the
     * host need not be known.
     */
    public boolean needsItsUser() {
        return container().namespaces().contains("user")
            && ProcStatus.read(proc.resolve("self")).filter(own -> own.uid() == 0 && own.uid() != uid()).isPresent();
    }

    /** Its JDK's release; empty where neither it nor its files say so. */
    public Optional<String> jdk() {
        return perfData().flatMap(PerfData::javaVersion).or(() -> JavaRelease.of(this).flatMap(JavaRelease::version));
    }

    /** A file of its own root directory, which may be another than this command's. */
    public Path fileOf(String path) {
        return directory().resolve("root").resolve(path.substring(path.startsWith("/") ? 1 : 0));
    }

    /** Its directory in /proc. */
    public Path procDirectory() {
        return directory();
    }

    /** Stopped by a signal or a debugger: it would not answer. */
    public boolean isStopped() {
        return status.state() == 'T' || status.state() == 't';
    }

    /** Whether SIGQUIT, which asks a JVM to listen, is handled; else it would end the process. */
    public boolean catchesSigquit() {
        return status.catchesSigquit();
    }

    /** Whether the same process still runs: a number that went to another process does not count. */
    public boolean isAlive() {
        return find(proc, pid).isPresent() && startTicks.equals(startTicks(directory()));
    }

    /**
     * Whether the same process still runs, and this user alone decides what it does: all its users and groups are the
     * same ones, and it is a JVM or one that its user may trace. After execve(2) of a set-uid program neither is so.
     *
     * @param user as this command's namespace sees it
     */
    public boolean belongsTo(int user) {
        boolean isUsers = ProcStatus.read(directory()).filter(now -> now.isOneUsers() && now.uid() == user
            && now.gid() == gid()).isPresent();
        // The kernel gives to root the directory of one that its own user may not trace: ptrace(2).
        return isUsers && (isOwn(directory()) || isJvm()) && uid() == user && isAlive();
    }

    /** The process's /tmp as this command reaches it. */
    public Path tmp() {
        Path ownTmp = proc.resolveSibling("tmp");
        Path root = directory().resolve("root");
        try {
            Path seen = Files.readSymbolicLink(root);
            boolean sameRoot = Files.readSymbolicLink(directory().resolve("ns/mnt"))
                    .equals(Files.readSymbolicLink(proc.resolve("self/ns/mnt")))
                && seen.equals(Files.readSymbolicLink(proc.resolve("self/root")));
            return sameRoot ? ownTmp : root.resolve("tmp");
        } catch (IOException hidden) {
            // A JVM with capabilities hides its root from its own user; then /tmp is the best
            // guess, and the owner of what is found there is checked. In tests root is a directory.
            return Files.isDirectory(root.resolve("tmp")) ? root.resolve("tmp") : ownTmp;
        }
    }

    /** The control socket of an agent in this process, whether it is there or not. */
    public Path controlSocket() {
        return tmp().resolve(".bpf-agent-" + innerPid()).resolve("control.sock");
    }

    /**
     * Whether the file is there whose presence tells that the JVM listens already, so that no signal is needed. A link
     * is none: connecting would follow it, to whatever socket of this machine its maker has named.
     */
    public boolean listensAlready() {
        Path file = listenFile();
        return isOwn(file) && !Files.isSymbolicLink(file);
    }

    /**
     * Takes away the file that a JVM of another user has left which had this number and was killed. The
     * JVM itself does so when it starts, where it may; and as long as it is there nobody can attach.
     */
    public void forgetEarlierListener() {
        String file = listenFile().getFileName().toString();
        try (HeldTmp tmp = HeldTmp.of(this)) {
            if (!tmp.owner(file).equals(HeldDirectory.user(uid()))) {
                tmp.deleteFile(file);
            }
        } catch (IOException goneOrForbidden) {
            // Only root and its owner can.
        }
    }

    /** The file in the place of the one where it would listen, if it is another user's: nobody can attach then. */
    Optional<Path> listenFileOfAnother() {
        return Optional.of(listenFile()).filter(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !isOwn(file));
    }

    /** Where the JVM listens for requests to attach, once it has been asked to. */
    Path listenFile() {
        return tmp().resolve(".java_pid" + innerPid());
    }

    /** Whether its /tmp is another than this command's. */
    public boolean hasOwnTmp() {
        return tmp().startsWith(directory());
    }

    private boolean isOwn(Path file) {
        try {
            return Integer.valueOf(uid()).equals(Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS));
        } catch (IOException hidden) {
            return false;
        }
    }

    /** The arguments of the process; empty for a kernel thread or one that has ended. */
    public List<String> commandLine() {
        return strings("cmdline");
    }

    /** The environment at its start ("NAME=value"); empty when this user may not read it. */
    public List<String> environment() {
        return strings("environ");
    }

    /** The JVM's performance file, if it keeps one that this user may read. */
    public Optional<PerfData> perfData() {
        return perfFile().flatMap(PerfData::read);
    }

    /**
     * Whether a JVM runs in it: libjvm is mapped or, where the mappings are hidden, the program is
     * java and it keeps a performance file. The file alone is not enough: a JVM of another PID
     * namespace that shares this /tmp may have made it.
     */
    public boolean isJvm() {
        return maps("/libjvm.so").orElseGet(() -> program().equals("java") && perfFile().isPresent());
    }

    /** Whether it is an OpenJ9 JVM, which has a libjvm.so too. */
    public boolean isOpenJ9() {
        return maps("/libj9vm").orElse(false);
    }

    /** The program's file without its directory, for a process that is no JVM. */
    public String program() {
        List<String> commandLine = commandLine();
        return commandLine.isEmpty() ? "?" : commandLine.get(0).substring(commandLine.get(0).lastIndexOf('/') + 1);
    }

    /** The main class or jar for people: without options, paths and the application's arguments. */
    public String name() {
        return JvmName.of(perfData(), commandLine());
    }

    private Path directory() {
        return proc.resolve(Integer.toString(pid));
    }

    /**
     * Clock ticks from boot to the start, field 22 of stat: with the PID it names a process for good; empty when it
     * is gone.
     */
    static String startTicks(Path directory) {
        try {
            String stat = Files.readString(directory.resolve("stat"), StandardCharsets.ISO_8859_1);
            // The second field is the name, which may hold blanks and brackets.
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
        } catch (IOException | RuntimeException gone) {
            return "";
        }
    }

    private List<String> strings(String file) {
        try {
            String text = Files.readString(directory().resolve(file), StandardCharsets.ISO_8859_1);
            return Stream.of(text.split("\0")).filter(s -> !s.isEmpty()).toList();
        } catch (IOException hidden) {
            return List.of();
        }
    }

    /**
     * The path of the libjvm.so that it has mapped, as the process sees it; empty when there is none or it is
     * hidden.
     */
    public Optional<String> libJvm() {
        return mapped("/libjvm.so").filter(path -> !path.isEmpty()).map(path -> inItsRoot(path.replace(DELETED, "")));
    }

    /**
     * Mappings are shown as from this command's root directory where they can be reached from there: after
     * chroot(2).
     */
    private String inItsRoot(String path) {
        try {
            String root = Files.readSymbolicLink(directory().resolve("root")).toString();
            return root.length() > 1 && path.startsWith(root + "/") ? path.substring(root.length()) : path;
        } catch (IOException hidden) {
            return path;
        }
    }

    /** Whether a file with this in its path is mapped; empty when the mappings are hidden. */
    private Optional<Boolean> maps(String library) {
        return mapped(library).map(path -> !path.isEmpty());
    }

    /** The first mapped file with this in its path, an empty text for none; empty when the mappings are hidden. */
    private Optional<String> mapped(String library) {
        try (Stream<String> lines = Files.lines(directory().resolve("maps"), StandardCharsets.ISO_8859_1)) {
            return Optional.of(lines.filter(line -> line.contains(library)).findFirst()
                .map(line -> line.substring(Math.max(0, line.indexOf('/')))).orElse(""));
        } catch (IOException | UncheckedIOException hidden) {
            return Optional.empty();
        }
    }

    /** The performance file that belongs to this process's user; a file of another's is not its own. */
    private Optional<Path> perfFile() {
        try (DirectoryStream<Path> users = Files.newDirectoryStream(tmp(), "hsperfdata_*")) {
            for (Path user : users) {
                Path file = user.resolve(Integer.toString(innerPid()));
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && isOwn(file)) {
                    return Optional.of(file);
                }
            }
        } catch (IOException | DirectoryIteratorException hidden) {
            // Without the file the command line tells the name, and the mappings what it is.
        }
        return Optional.empty();
    }
}
