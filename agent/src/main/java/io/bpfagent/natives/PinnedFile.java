package io.bpfagent.natives;

import static io.bpfagent.natives.NativeCalls.call;

import com.kenai.jffi.Library;
import java.io.IOException;

/**
 * A file below another process's root directory, held without being opened ({@code O_PATH}): what is looked at is then
 * what is opened, whoever exchanges names meanwhile. Nothing happens to a pipe or a device that is only held.
 *
 * <p>The kernel goes the way at once and lets no link lead out of that directory (openat2(2)). Where it has no such
 * call (before Linux 5.6), or a filter of system calls hides it, the way is gone step by step from one held directory
 * to the next, and no link is followed at all.
 *
 * <p>Assumptions: the libraries are open ({@link NativeTier#isOpen}). Any thread; one closes it.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/openat2.2.html">openat2(2)</a>
 */
public final class PinnedFile implements AutoCloseable {
    /** What becomes of symbolic links on the way. */
    public enum Links {
        /** There may be none. */
        REFUSED(RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH),
        /** They are followed as a process does that has the directory as its root. */
        INSIDE(RESOLVE_IN_ROOT);

        private final long resolve;

        Links(long resolve) {
            this.resolve = resolve;
        }
    }

    private static final long RESOLVE_NO_SYMLINKS = 4;
    private static final long RESOLVE_BENEATH = 8;
    private static final long RESOLVE_IN_ROOT = 16;

    private static final boolean X86 = LibraryFiles.architecture(System.getProperty("os.arch", "")).equals("x86_64");
    private static final long OPENAT = X86 ? 257 : 56;
    private static final long OPENAT2 = 437;
    private static final int AT_FDCWD = -100;
    private static final long O_PATH = 0x200000;
    private static final long O_CLOEXEC = 0x80000;
    private static final long O_DIRECTORY = X86 ? 0x10000 : 0x4000;
    private static final long O_NOFOLLOW = X86 ? 0x20000 : 0x8000;
    private static final int EPERM = 1;
    private static final int EAGAIN = 11;
    private static final int EXDEV = 18;
    private static final int ENOSYS = 38;
    /** struct open_how: flags, mode, resolve. */
    private static final int HOW_BYTES = 24;
    /** Somebody renames something on the way all the time. */
    private static final int TRIES = 16;

    private final long syscall;
    private final long close;
    private int fd;

    private PinnedFile(long syscall, long close, int fd) {
        this.syscall = syscall;
        this.close = close;
        this.fd = fd;
    }

    /** The file of exactly this name, links and all: for names that the kernel itself has made, in /proc. */
    public static PinnedFile of(String path) throws IOException {
        PinnedFile file = empty();
        file.fd = checked(file.openAt(AT_FDCWD, path, 0), path);
        return file;
    }

    /**
     * The file.
     *
     * @param root {@code /proc/PID/root}, which itself is followed
     * @param path as that process sees it
     * @throws IOException also when a link is on the way that must not be, or {@code ..} leads out of it
     */
    public static PinnedFile below(String root, String path, Links links) throws IOException {
        return below(root, path, links, true);
    }

    /** @param atOnce whether the kernel may be asked to go the whole way */
    static PinnedFile below(String root, String path, Links links, boolean atOnce) throws IOException {
        PinnedFile file = empty();
        int directory = checked(file.openAt(AT_FDCWD, root, O_DIRECTORY), root);
        try {
            int fd = atOnce ? file.openAt2(directory, relative(path), links) : -ENOSYS;
            if (fd == -ENOSYS || fd == -EPERM) {
                fd = file.walk(directory, path);
            }
            file.fd = checked(fd, path);
            return file;
        } finally {
            file.close(directory);
        }
    }

    private static PinnedFile empty() throws IOException {
        try {
            Library process = Library.getDefault();
            return new PinnedFile(NativeCalls.function(process, "syscall"), NativeCalls.function(process, "close"), -1);
        } catch (NativeTierException e) {
            throw new IOException(e);
        }
    }

    private static String relative(String path) {
        int from = 0;
        while (from < path.length() && path.charAt(from) == '/') {
            from++;
        }
        return path.substring(from);
    }

    private static int checked(int fd, String path) throws IOException {
        if (fd < 0) {
            throw new IOException(path + ": " + Errno.name(-fd));
        }
        return fd;
    }

    private int openAt(int directory, String name, long flags) {
        try (NativeMemory text = NativeMemory.ofString(name)) {
            long fd = call(syscall, OPENAT, directory, text.address(), O_PATH | O_CLOEXEC | flags, 0);
            return fd < 0 ? -NativeTier.errno() : (int) fd;
        }
    }

    private int openAt2(int directory, String path, Links links) {
        try (NativeMemory text = NativeMemory.ofString(path); NativeMemory how = NativeMemory.allocate(HOW_BYTES)) {
            how.buffer().putLong(0, O_PATH | O_CLOEXEC).putLong(16, links.resolve);
            int result = -EAGAIN;
            for (int tries = 0; result == -EAGAIN && tries < TRIES; tries++) {
                long fd = call(syscall, OPENAT2, directory, text.address(), how.address(), HOW_BYTES);
                result = fd < 0 ? -NativeTier.errno() : (int) fd;
            }
            return result;
        }
    }

    /** A link is held itself and leads nowhere: as a directory it is refused, and as a file it is no regular one. */
    private int walk(int root, String path) {
        int at = -1;
        String[] parts = relative(path).split("/+");
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].equals("..")) {
                close(at);
                return -EXDEV;
            }
            int next = openAt(at < 0 ? root : at, parts[i], O_NOFOLLOW | (i < parts.length - 1 ? O_DIRECTORY : 0));
            close(at);
            if (next < 0) {
                return next;
            }
            at = next;
        }
        return at;
    }

    /** A name of what is held, good until it is closed: opening it opens just that. */
    public String path() {
        return "/proc/self/fd/" + fd;
    }

    @Override
    public void close() {
        close(fd);
        fd = -1;
    }

    private void close(int held) {
        if (held >= 0) {
            call(close, held);
        }
    }
}
