package io.bpfagent.cli.jvm;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A directory with files that this command has made in the /tmp of another process, held open.
 *
 * <p>Assumptions: one thread at a time. Guarantees: what is written, given away and removed is in the directory that
 * was made and in that /tmp, whatever stands at their paths by then; see {@link HeldTmp}. Java has no mkdirat(2), so
 * making the directory goes by path. The worst that a link on that way makes is an empty directory elsewhere: nothing
 * is written before what was opened in that /tmp has been seen to be a directory of ours, mode 0700 and empty.
 */
final class HeldDirectory implements AutoCloseable {

    static final String OURS_ALONE = "rwx------";

    private final HeldTmp tmp;
    private final Path name;
    private final SecureDirectoryStream<Path> handle;
    /** Those in it that were written, in their order. */
    private final List<Path> files = new ArrayList<>(2);

    private HeldDirectory(HeldTmp tmp, Path name, SecureDirectoryStream<Path> handle) {
        this.tmp = tmp;
        this.name = name;
        this.handle = handle;
    }

    /**
     * Makes it, for the calling thread's user alone.
     *
     * @param tmp is closed with the directory, but not when there is none
     * @throws java.nio.file.FileAlreadyExistsException when there is something of that name, be it a link
     */
    static HeldDirectory make(HeldTmp tmp, String name) throws IOException {
        Files.createDirectory(tmp.path().resolve(name), mode(OURS_ALONE));
        try {
            return hold(tmp, name);
        } catch (IOException | RuntimeException failed) {
            removeEmpty(tmp, Path.of(name), failed);
            throw failed;
        }
    }

    private static void removeEmpty(HeldTmp tmp, Path name, Exception reason) {
        try {
            tmp.handle().deleteDirectory(name);
        } catch (IOException left) {
            reason.addSuppressed(left);
        }
    }

    /** The one of that name, if it is as it was made. */
    static HeldDirectory hold(HeldTmp tmp, String name) throws IOException {
        Path entry = Path.of(name);
        UserPrincipal own = user(ownUid());
        // Before it is opened too: opening a pipe in its place would wait for ever.
        checkOurs(name, own, tmp.handle().getFileAttributeView(entry, PosixFileAttributeView.class,
            LinkOption.NOFOLLOW_LINKS));
        SecureDirectoryStream<Path> handle = tmp.handle().newDirectoryStream(entry, LinkOption.NOFOLLOW_LINKS);
        try {
            checkOurs(name, own, handle.getFileAttributeView(PosixFileAttributeView.class));
            if (handle.iterator().hasNext()) {
                throw notOurs(name, "which is not empty");
            }
            return new HeldDirectory(tmp, entry, handle);
        } catch (DirectoryIteratorException unreadable) {
            handle.close();
            throw unreadable.getCause();
        } catch (IOException | RuntimeException failed) {
            handle.close();
            throw failed;
        }
    }

    private static void checkOurs(String name, UserPrincipal own, PosixFileAttributeView view) throws IOException {
        PosixFileAttributes found = view.readAttributes();
        String mode = PosixFilePermissions.toString(found.permissions());
        if (!found.isDirectory()) {
            throw notOurs(name, "which is no directory");
        }
        if (!found.owner().equals(own) || !mode.equals(OURS_ALONE)) {
            throw notOurs(name, "owner " + found.owner() + " mode " + mode);
        }
    }

    private static IOException notOurs(String name, String found) {
        return new FileSystemException(name, null, "somebody has put something else in its place, " + found);
    }

    /** Writes a file, which nobody else may read. */
    void write(String fileName, InputStream content) throws IOException {
        Set<OpenOption> anew =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        Path entry = Path.of(fileName);
        try (OutputStream out = Channels.newOutputStream(handle.newByteChannel(entry, anew, mode("rw-------")))) {
            files.add(entry);
            content.transferTo(out);
        }
    }

    /** Makes the files, then the directory, that process's user's, who may do with it what it likes from then on. */
    void giveTo(TargetProcess process) throws IOException {
        if (process.uid() == ownUid()) {
            return;
        }
        UserPrincipal user = user(process.uid());
        GroupPrincipal group = principals().lookupPrincipalByGroupName(Integer.toString(process.gid()));
        List<PosixFileAttributeView> views = new ArrayList<>();
        for (Path file : files) {
            views.add(handle.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS));
        }
        views.add(handle.getFileAttributeView(PosixFileAttributeView.class));
        for (PosixFileAttributeView view : views) {
            view.setGroup(group);
            view.setOwner(user);
        }
    }

    /** Removes the files, the last one first, and, if it is empty then, the directory. */
    void remove() throws IOException {
        try {
            for (int last = files.size() - 1; last >= 0; last--) {
                handle.deleteFile(files.get(last));
            }
        } finally {
            // Removes an empty directory or nothing, and follows no link.
            tmp.handle().deleteDirectory(name);
        }
    }

    /** Lets go of it; what was not removed stays. */
    @Override
    public void close() throws IOException {
        try {
            handle.close();
        } finally {
            tmp.close();
        }
    }

    /** By the number, which the JDK takes where no user has it as a name. */
    static UserPrincipal user(int uid) throws IOException {
        return principals().lookupPrincipalByName(Integer.toString(uid));
    }

    private static UserPrincipalLookupService principals() {
        return Path.of("/").getFileSystem().getUserPrincipalLookupService();
    }

    /** Of the calling thread: {@link AsUser} changes that of one alone. */
    static int ownUid() throws IOException {
        return ProcStatus.read(Path.of("/proc/thread-self"))
            .orElseThrow(() -> new IOException("/proc/thread-self/status cannot be read")).uid();
    }

    private static FileAttribute<?> mode(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }
}
