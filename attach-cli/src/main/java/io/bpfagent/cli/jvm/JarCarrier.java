package io.bpfagent.cli.jvm;

import io.bpfagent.cli.errors.CliError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/**
 * A copy of the agent's jar in the target's own /tmp, readable by the target's user alone, for as
 * long as the JVM needs to load it.
 *
 * <p>The JVM may run in a container or as another user: it sees neither our files nor our paths.
 * The copy's directory has mode 0700 and a random name; it is given to the target's user only when
 * the jar is complete. Closing removes both, and so does the end of this process (Ctrl-C); a JVM that has
 * loaded a jar keeps the file open.
 */
public final class JarCarrier implements AutoCloseable {

    private static final String JAR = "bpf-agent.jar";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path directory;
    private final Thread atExit;

    private JarCarrier(Path directory, Runnable cutShort) {
        this.directory = directory;
        this.atExit = new Thread(() -> {
            remove();
            cutShort.run();
        }, "remove-jar");
    }

    /**
     * Copies the jar into the target's /tmp.
     *
     * @param jar its bytes; closed by the caller
     * @param cutShort runs, in a thread of its own, when this process is ended before it closes the carrier
     */
    public static JarCarrier carry(InputStream jar, TargetProcess target, Runnable cutShort) {
        Path tmp = target.tmp();
        // A root that is not ours may hold a link that leads root's copy to any other place.
        if (tmp.startsWith("/proc") && Files.isSymbolicLink(tmp)) {
            throw CliError.JAR_COPY.because(" (" + tmp + " is a symbolic link). Start the JVM with"
                + " -javaagent:bpf-agent.jar.");
        }
        String name = ".bpf-agent-jar-" + Long.toUnsignedString(RANDOM.nextLong(), 36);
        JarCarrier carrier = new JarCarrier(tmp.resolve(name), cutShort);
        try {
            Runtime.getRuntime().addShutdownHook(carrier.atExit);
            carrier.copy(jar, target);
            return carrier;
        } catch (IOException failed) {
            carrier.close();
            throw CliError.JAR_COPY.because(" to " + carrier.directory + ": " + failed
                + ". Make room or give write access there.", failed);
        } catch (RuntimeException failed) {
            carrier.close();
            throw failed;
        }
    }

    /** Not while it is removed: nothing may come into the directory then. */
    private synchronized void copy(InputStream jar, TargetProcess target) throws IOException {
        Files.createDirectory(directory, mode("rwx------"));
        Path copy = Files.createFile(directory.resolve(JAR), mode("rw-------"));
        try (var out = Files.newOutputStream(copy)) {
            jar.transferTo(out);
        }
        giveTo(target, copy);
        giveTo(target, directory);
    }

    /** The jar's path as the target sees it. */
    public String pathInTarget() {
        return "/tmp/" + directory.getFileName() + "/" + JAR;
    }

    /** Removes the copy; again is harmless. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException ending) {
            // The process is being ended: it removes the copy too, and says so.
        }
        remove();
    }

    private synchronized void remove() {
        try {
            Files.deleteIfExists(directory.resolve(JAR));
            Files.deleteIfExists(directory);
        } catch (IOException left) {
            // The target has ended and its root with it, or it put something there itself.
        }
    }

    private static void giveTo(TargetProcess target, Path path) throws IOException {
        if (!Integer.valueOf(target.uid()).equals(Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS))) {
            Files.setAttribute(path, "unix:gid", target.gid(), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:uid", target.uid(), LinkOption.NOFOLLOW_LINKS);
        }
    }

    private static FileAttribute<?> mode(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }
}
