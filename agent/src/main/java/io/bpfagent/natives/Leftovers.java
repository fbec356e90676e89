package io.bpfagent.natives;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/**
 * What JVMs have left in {@code tmpdir=} that were killed while the agent's files stood there: the libraries'
 * directory, and jars of further tiers, of up to 10 MB. They stand there for the moment of loading, so what has been
 * there for longer than {@value #LEFT_FOR_S} s nobody uses.
 *
 * <p>Removed is only what has such a name, belongs to this process's user, and is a directory with mode 0700 or a
 * regular file; of a directory what is in it, and no directory in it. No link is followed.
 */
final class Leftovers {
    static final long LEFT_FOR_S = 600;
    private static final String PREFIX = "bpf-agent-";
    private static final String[] TIERS = {"hooks-", "boot-", "prometheus-"};
    private static final String JAR = ".jar";
    /** Fewer, and it is a version. */
    private static final int LEAST_DIGITS = 10;
    private static final int MODE = 0700;
    private static final int MODE_BITS = 0777;

    private Leftovers() {
    }

    /** Removes what can be removed; what cannot stays, and nothing is said of it. */
    static void remove(String tmpdir) {
        // Not as a DirectoryStream with a glob, which brings 60 classes. Null when it cannot be read.
        String[] names = new File(tmpdir).list();
        for (String name : names == null ? new String[0] : names) {
            boolean isDirectory = isDirectory(name);
            if (isDirectory || isJar(name)) {
                try {
                    remove(Path.of(tmpdir, name), isDirectory);
                } catch (IOException | RuntimeException e) {
                    // Gone meanwhile, or not to be removed: not worth keeping the agent from beginning.
                    continue;
                }
            }
        }
    }

    private static void remove(Path path, boolean isDirectory) throws IOException {
        if (!isLeft(path, isDirectory)) {
            return;
        }
        String[] files = isDirectory ? path.toFile().list() : null;
        for (String file : files == null ? new String[0] : files) {
            Files.deleteIfExists(path.resolve(file));
        }
        Files.deleteIfExists(path);
    }

    private static boolean isLeft(Path path, boolean isDirectory) throws IOException {
        Map<String, Object> found = Files.readAttributes(path,
                "unix:isDirectory,isRegularFile,uid,mode,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
        boolean isOfItsKind = isDirectory
                ? (Boolean) found.get("isDirectory") && ((Integer) found.get("mode") & MODE_BITS) == MODE
                : (Boolean) found.get("isRegularFile");
        long ageMs = System.currentTimeMillis() - ((FileTime) found.get("lastModifiedTime")).toMillis();
        Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        return isOfItsKind && found.get("uid").equals(user) && ageMs > LEFT_FOR_S * 1_000;
    }

    /** {@code bpf-agent-PID-NUMBER}, see {@link LibraryFiles}. */
    static boolean isDirectory(String name) {
        int dash = name.indexOf('-', PREFIX.length());
        return name.startsWith(PREFIX) && dash > 0 && areDigits(name, PREFIX.length(), dash, 10, 1)
                && areDigits(name, dash + 1, name.length(), 16, 1);
    }

    /** {@code bpf-agent-TIER-NUMBER.jar}, as the JDK numbers temporary files. */
    static boolean isJar(String name) {
        for (String tier : TIERS) {
            int begin = PREFIX.length() + tier.length();
            if (name.startsWith(PREFIX) && name.startsWith(tier, PREFIX.length()) && name.endsWith(JAR)
                    && areDigits(name, begin, name.length() - JAR.length(), 10, LEAST_DIGITS)) {
                return true;
            }
        }
        return false;
    }

    private static boolean areDigits(String name, int begin, int end, int radix, int least) {
        for (int i = begin; i < end; i++) {
            if (Character.digit(name.charAt(i), radix) < 0) {
                return false;
            }
        }
        return end - begin >= least;
    }
}
