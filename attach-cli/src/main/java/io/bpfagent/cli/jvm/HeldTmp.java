package io.bpfagent.cli.jvm;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/**
 * The /tmp of a process, held open: what is done through it is done there, whatever is renamed meanwhile.
 *
 * <p>Who is root in a container, or owns a chroot, can put a link in the place of any directory there at any time, and
 * an absolute link under {@code /proc/PID/root} leads into the root directory of this command. So no path is gone
 * twice: openat(2), unlinkat(2), fchown(2), by way of {@link SecureDirectoryStream}.
 */
final class HeldTmp implements AutoCloseable {

    private final Path path;
    private final SecureDirectoryStream<Path> handle;

    private HeldTmp(Path path, SecureDirectoryStream<Path> handle) {
        this.path = path;
        this.handle = handle;
    }

    /**
     * Opens it.
     *
     * @throws IOException when it is missing or hidden, or is a link and not this command's own /tmp
     */
    static HeldTmp of(TargetProcess process) throws IOException {
        Path tmp = process.tmp();
        if (!tmp.startsWith(process.procDirectory())) {
            return new HeldTmp(tmp, hold(tmp));
        }
        // From its root the last step is one that can be told to follow no link.
        try (SecureDirectoryStream<Path> root = hold(tmp.getParent())) {
            return new HeldTmp(tmp, root.newDirectoryStream(tmp.getFileName(), LinkOption.NOFOLLOW_LINKS));
        }
    }

    @SuppressWarnings("StreamResourceLeak") // it is what is returned, or closed
    private static SecureDirectoryStream<Path> hold(Path directory) throws IOException {
        DirectoryStream<Path> stream = Files.newDirectoryStream(directory);
        if (stream instanceof SecureDirectoryStream<Path> held) {
            return held;
        }
        stream.close();
        // The JDK looks for the name openat64, which musl has no more since 1.2.4.
        throw new FileSystemException(directory.toString(), null,
            "this Java cannot hold a directory open, as on musl; run attach-cli with a JDK for glibc");
    }

    /** Where it was when it was opened. */
    Path path() {
        return path;
    }

    /** The handle itself, which this object closes. */
    SecureDirectoryStream<Path> handle() {
        return handle;
    }

    /** The same directory, opened anew: to be listed, which a handle can be once, and closed by the caller. */
    SecureDirectoryStream<Path> again() throws IOException {
        return handle.newDirectoryStream(Path.of("."), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Makes an empty file.
     *
     * @throws java.nio.file.FileAlreadyExistsException when there is something of that name, be it a link
     */
    void createFile(String name) throws IOException {
        Set<OpenOption> anew =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        handle.newByteChannel(Path.of(name), anew).close();
    }

    /** Removes a file, or a link and not what it leads to, if it is there. */
    void deleteFile(String name) throws IOException {
        try {
            handle.deleteFile(Path.of(name));
        } catch (NoSuchFileException gone) {
            // That is what was wanted.
        }
    }

    /** Whose a file is, or a link. */
    UserPrincipal owner(String name) throws IOException {
        return handle.getFileAttributeView(Path.of(name), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
            .getOwner();
    }

    @Override
    public void close() throws IOException {
        handle.close();
    }
}
