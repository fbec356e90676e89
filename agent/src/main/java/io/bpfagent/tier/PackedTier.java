package io.bpfagent.tier;

import io.bpfagent.natives.TrustedPath;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.zip.GZIPInputStream;

/**
 * A tier of class loaders that is {@code META-INF/bpf-agent/NAME.jar.gz} in the agent's jar: a child of the agent's
 * tier, which goes with it.
 *
 * <p>While it is there it holds a file without a name in {@code tmpdir=}: in memory its classes would take as much, and
 * most of them are never used.
 */
public final class PackedTier {
    private static final String FOLDER = "META-INF/bpf-agent/";
    private static final int BUFFER_BYTES = 1 << 16;

    private PackedTier() {
    }

    /**
     * A new loader of the tier, which the caller closes: it is a {@link java.io.Closeable}.
     *
     * @param name   of the tier
     * @param tmpdir where its file is put
     * @param room   how much room that takes, MB
     * @throws TierException if root must not use the directory, it cannot be written to, or there is no such tier
     */
    public static ClassLoader load(String name, String tmpdir, int room) throws TierException {
        String problem = TrustedPath.problem(tmpdir);
        if (problem != null) {
            throw new TierException("root loads no classes that somebody else could change: "
                    + problem + " (tmpdir=" + tmpdir + "). Set tmpdir= to a directory that is root's.");
        }
        try {
            File file = Files.createTempFile(new File(tmpdir).toPath(), "bpf-agent-" + name + "-", ".jar").toFile();
            try {
                extract(FOLDER + name + ".jar.gz", file);
                return loaderOf(file);
            } finally {
                // The loader has it open, and nobody else needs its name.
                delete(file);
            }
        } catch (IOException | ReflectiveOperationException | RuntimeException e) {
            throw new TierException(e + " (tmpdir=" + tmpdir + "). Set tmpdir= to a directory that this user can write"
                    + " to, with " + room + " MB of room. All else works.");
        }
    }

    private static void extract(String jar, File file) throws IOException {
        InputStream resource = PackedTier.class.getClassLoader().getResourceAsStream(jar);
        if (resource == null) {
            throw new IOException(jar + " is not in the jar");
        }
        try (InputStream in = new GZIPInputStream(resource, BUFFER_BYTES); OutputStream out =
                new FileOutputStream(file)) {
            in.transferTo(out);
        }
    }

    /** Of the same class as this tier's, which the host's loader has and this one does not see. */
    private static ClassLoader loaderOf(File file) throws ReflectiveOperationException {
        ClassLoader own = PackedTier.class.getClassLoader();
        return (ClassLoader) own.getClass().getConstructor(String.class, String.class, ClassLoader.class)
                .newInstance(file.getPath(), "", own);
    }

    private static void delete(File file) {
        if (!file.delete()) {
            file.deleteOnExit();
        }
    }
}
