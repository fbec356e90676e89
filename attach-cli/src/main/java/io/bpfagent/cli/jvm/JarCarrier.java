package io.bpfagent.cli.jvm;

import io.bpfagent.cli.errors.CliError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.regex.Pattern;

/**
 * A copy of the agent's jar in the target's own /tmp, readable by the target's user alone, for as
 * long as the JVM needs to load it.
 *
 * <p>The JVM may run in a container or as another user: it sees neither our files nor our paths.
 * The copy's directory has mode 0700 and is made anew: one that is there already, be it a trap, is left alone, and
 * another name taken. It is given to the target's user only when the jar is complete. Whoever can rename things in that
 * /tmp leads neither writing nor removing to another place ({@link HeldDirectory}). Closing removes both, and so does
 * the end of this process (Ctrl-C); what one leaves that was killed the next one removes ({@link JarLeftovers}). A JVM
 * that has loaded a jar keeps the file open.
 */
public final class JarCarrier implements AutoCloseable {

    private static final String PREFIX = ".bpf-agent-jar-";
    /** The copy's name in its directory. */
    static final String JAR = "bpf-agent.jar";
    private static final Pattern COPY = Pattern.compile(Pattern.quote(PREFIX) + "\\d{1,9}(-[0-9a-z]{1,13})?");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Thread atExit;
    private String name;
    /** While there is one. */
    private HeldDirectory directory;
    private boolean ended;

    private JarCarrier(String name, Runnable cutShort) {
        this.name = name;
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
        // It would not be followed; this says so more clearly.
        if (target.hasOwnTmp() && Files.isSymbolicLink(tmp)) {
            throw CliError.JAR_COPY.because(" (" + tmp + " is a symbolic link). Start the JVM with"
                + " -javaagent:bpf-agent.jar.");
        }
        JarCarrier carrier = new JarCarrier(PREFIX + target.innerPid(), cutShort);
        try {
            Runtime.getRuntime().addShutdownHook(carrier.atExit);
            AsUser.call(target, () -> {
                carrier.copy(jar, target);
                return null;
            });
            return carrier;
        } catch (RuntimeException failed) {
            carrier.close();
            throw failed;
        } catch (Exception failed) {
            carrier.close();
            throw CliError.JAR_COPY.because(" to " + tmp.resolve(carrier.name) + ": " + said(failed)
                + ". Make room or give write access there; or start the JVM with -javaagent:bpf-agent.jar.", failed);
        }
    }

    /** The JDK's exceptions say the path, which stands before it already, and then only sometimes why. */
    private static String said(Exception failed) {
        return failed instanceof FileSystemException file && file.getReason() != null ? file.getReason()
            : failed.toString();
    }

    /** Not while it is removed, nor afterwards: nothing would remove it then. */
    private synchronized void copy(InputStream jar, TargetProcess target) throws IOException {
        if (ended) {
            throw new IOException("this command is being ended");
        }
        HeldTmp tmp = HeldTmp.of(target);
        try {
            JarLeftovers.remove(tmp, target);
            directory = make(tmp);
        } catch (IOException | RuntimeException failed) {
            tmp.close();
            throw failed;
        }
        directory.write(JarMaker.own().fileName(), InputStream.nullInputStream());
        directory.write(JAR, jar);
        directory.giveTo(target);
    }

    /**
     * The same for one JVM each time: it puts the path into the list of its class path for good, and when the
     * application then asks for a class that there is not, it opens every file of the list that is there, and never
     * closes it.
     */
    private HeldDirectory make(HeldTmp tmp) throws IOException {
        try {
            return HeldDirectory.make(tmp, name);
        } catch (FileAlreadyExistsException taken) {
            // By another command that attaches at this moment, or by anybody.
            name += "-" + Long.toUnsignedString(RANDOM.nextLong(), 36);
            return HeldDirectory.make(tmp, name);
        }
    }

    /** Whether a directory of this name in a /tmp can be a copy's. */
    static boolean isCopy(String name) {
        return COPY.matcher(name).matches();
    }

    /** The jar's path as the target sees it. */
    public String pathInTarget() {
        return "/tmp/" + name + "/" + JAR;
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

    /** Nothing that another has made: it may be the copy that the JVM loads at this moment. */
    private synchronized void remove() {
        ended = true;
        if (directory == null) {
            return;
        }
        try (HeldDirectory held = directory) {
            directory = null;
            held.remove();
        } catch (IOException left) {
            // The target has ended and its root with it, or it put something there itself.
        }
    }
}
