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
 * the jar is complete. Closing removes both; a JVM that has loaded a jar keeps the file open.
 */
public final class JarCarrier implements AutoCloseable {

    private static final String JAR = "bpf-agent.jar";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path directory;

    private JarCarrier(Path directory) {
        this.directory = directory;
    }

    /**
     * Copies the jar into the target's /tmp.
     *
     * @param jar its bytes; closed by the caller
     */
    public static JarCarrier carry(InputStream jar, TargetProcess target) {
        Path tmp = target.tmp();
        // A root that is not ours may hold a link that leads root's copy to any other place.
        if (tmp.startsWith("/proc") && Files.isSymbolicLink(tmp)) {
            throw CliError.JAR_COPY.because(" (" + tmp + " is a symbolic link). Start the JVM with"
                + " -javaagent:bpf-agent.jar.");
        }
        String name = ".bpf-agent-jar-" + Long.toUnsignedString(RANDOM.nextLong(), 36);
        JarCarrier carrier = new JarCarrier(tmp.resolve(name));
        try {
            Files.createDirectory(carrier.directory, mode("rwx------"));
            Path copy = Files.createFile(carrier.directory.resolve(JAR), mode("rw-------"));
            try (var out = Files.newOutputStream(copy)) {
                jar.transferTo(out);
            }
            giveTo(target, copy);
            giveTo(target, carrier.directory);
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

    /** The jar's path as the target sees it. */
    public String pathInTarget() {
        return "/tmp/" + directory.getFileName() + "/" + JAR;
    }

    /** Removes the copy; again is harmless. */
    @Override
    public void close() {
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
