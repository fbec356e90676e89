package io.bpfagent.natives;

import java.io.DataInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The jar's native libraries as files of a private directory, for the moment of loading them.
 *
 * <p>The directory has mode 0700 and a name that nobody can guess, so that no other user can put a
 * library in the place of ours. {@link #close()} deletes everything; what has been loaded stays
 * mapped. A JVM that ends meanwhile, as short programs do, deletes them at its exit.
 *
 * <p>The file {@code index} beside the libraries in the jar names them in the order of loading,
 * libjffi first and libbpf last.
 */
final class LibraryFiles implements AutoCloseable {
    private static final String FOLDER = "META-INF/bpf-agent/lib/";

    private final Path directory;
    private final List<Path> files = new ArrayList<>();

    private LibraryFiles(Path directory) {
        this.directory = directory;
    }

    /**
     * Extracts the libraries for this machine's architecture.
     *
     * @param source has them as resources: the loader of this tier
     * @param tmpdir where the directory is made; null for {@code java.io.tmpdir}
     */
    static LibraryFiles extract(ClassLoader source, String tmpdir) throws NativeTierException {
        String parent = tmpdir == null ? System.getProperty("java.io.tmpdir", "/tmp") : tmpdir;
        String folder = FOLDER + "linux-" + architecture(System.getProperty("os.arch", "")) + "/";
        List<String> names = index(source, folder);
        LibraryFiles result = new LibraryFiles(createDirectory(parent));
        Leftovers.remove(parent);
        try {
            for (String name : names) {
                result.write(source, folder + name, name);
            }
            return result;
        } catch (IOException | RuntimeException e) {
            result.close();
            throw new NativeTierException("Cannot extract the native libraries: " + e + " (tmpdir="
                    + parent + "). Set tmpdir= to a directory with 2 MB of room. See TROUBLESHOOTING.md,"
                    + " \"Cannot extract the native libraries\".", e);
        }
    }

    /** The name that the jar uses, e.g. x86_64 for Java's amd64. */
    static String architecture(String osArch) {
        switch (osArch) {
            case "amd64":
                return "x86_64";
            case "aarch64":
                return "arm64";
            default:
                return osArch;
        }
    }

    private static List<String> index(ClassLoader source, String folder)
            throws NativeTierException {
        try (InputStream in = resource(source, folder + "index")) {
            List<String> names = new ArrayList<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (!line.isBlank()) {
                    names.add(line.strip());
                }
            }
            return names;
        } catch (IOException e) {
            throw new NativeTierException("Cannot extract the native libraries: the jar has none"
                    + " for this architecture (" + folder + "). Use a jar that was built for it."
                    + " See TROUBLESHOOTING.md, \"Cannot extract the native libraries\".", e);
        }
    }

    private static InputStream resource(ClassLoader source, String name) throws IOException {
        InputStream in = source.getResourceAsStream(name);
        if (in == null) {
            throw new IOException(name + " is not in the jar");
        }
        return in;
    }

    private static Path createDirectory(String parent) throws NativeTierException {
        String problem = TrustedPath.problem(parent);
        if (problem != null) {
            throw new NativeTierException("Cannot extract the native libraries: root loads no library that somebody"
                    + " else"
                    + " could change: " + problem + " (tmpdir=" + parent
                    + "). Set tmpdir= to a directory that is root's."
                    + " See TROUBLESHOOTING.md, \"Cannot extract the native libraries\".");
        }
        try {
            Path directory = Path.of(parent, unguessableName());
            deleteAtExit(directory);
            return Files.createDirectory(directory, PosixFilePermissions
                    .asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException | RuntimeException e) {
            throw new NativeTierException("Cannot extract the native libraries: " + e + " (tmpdir="
                    + parent + "). Set tmpdir= to a directory that this user can write to. See"
                    + " TROUBLESHOOTING.md, \"Cannot extract the native libraries\".", e);
        }
    }

    /** Without ProcessHandle and SecureRandom, which bring 90 classes and a thread pool. */
    private static String unguessableName() throws IOException {
        String pid = new File("/proc/self").getCanonicalFile().getName();
        try (DataInputStream random = new DataInputStream(new FileInputStream("/dev/urandom"))) {
            return "bpf-agent-" + pid + "-" + Long.toHexString(random.readLong());
        }
    }

    private void write(ClassLoader source, String resource, String name)
            throws IOException {
        Path file = directory.resolve(name);
        files.add(file);
        deleteAtExit(file);
        try (InputStream in = resource(source, resource);
                OutputStream out = new FileOutputStream(file.toFile())) {
            in.transferTo(out);
        }
    }

    /** Called before the file is made, so that there is no moment at which it could stay. */
    private static void deleteAtExit(Path file) {
        try {
            file.toFile().deleteOnExit();
        } catch (IllegalStateException shutdown) {
            awaitTheEnd();
        }
    }

    /**
     * The JVM is ending: nothing can be loaded any more, and that is no error to be reported. It is refused only when
     * all hooks have ended and the JDK deletes the files, the last thing that it does before it halts; so nobody can
     * wait for this daemon, nor for the lock on {@link NativeTier} that it has.
     */
    private static void awaitTheEnd() {
        while (true) {
            LockSupport.park();
            Thread.interrupted();
        }
    }

    /** The libraries in the order of loading. */
    List<Path> files() {
        return files;
    }

    @Override
    public void close() {
        try {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            // A leftover costs disk space only, and its directory is ours alone.
        }
    }
}
