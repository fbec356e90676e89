package io.bpfagent.cli.jvm;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Copies of the agent's jar that commands have left which were killed ({@code kill -9}): the next command that copies a
 * jar to the same /tmp removes them.
 *
 * <p>Guarantees: removed is only a directory with the name of such a copy, mode 0700, that belongs to the calling
 * thread's user or to the JVM's, and of what is in it only what {@link JarCarrier} puts there. Nothing in it is opened,
 * no link is followed, and a copy whose maker may still run is left alone. Somebody who exchanges things meanwhile has
 * a file of these names removed in a directory that is his already.
 */
final class JarLeftovers {

    /** Between making the directory and naming its maker there are microseconds; a machine can stand still longer. */
    private static final long UNNAMED_FOR_S = 60;

    private final HeldTmp tmp;
    private final Set<UserPrincipal> owners;

    private JarLeftovers(HeldTmp tmp, Set<UserPrincipal> owners) {
        this.tmp = tmp;
        this.owners = owners;
    }

    /** Removes what can be removed; what cannot stays, and nothing is said of it. */
    static void remove(HeldTmp tmp, TargetProcess target) throws IOException {
        JarLeftovers leftovers = new JarLeftovers(tmp,
            new HashSet<>(List.of(HeldDirectory.user(HeldDirectory.ownUid()), HeldDirectory.user(target.uid()))));
        for (Path name : leftovers.names()) {
            try {
                leftovers.remove(name);
            } catch (IOException | DirectoryIteratorException notOurs) {
                // Gone meanwhile, or not to be read: not worth keeping somebody from attaching.
                continue;
            }
        }
    }

    private List<Path> names() throws IOException {
        List<Path> names = new ArrayList<>();
        try (SecureDirectoryStream<Path> all = tmp.again()) {
            for (Path path : all) {
                if (JarCarrier.isCopy(path.getFileName().toString())) {
                    names.add(path.getFileName());
                }
            }
        } catch (DirectoryIteratorException unreadable) {
            // A /tmp that may not be listed: nothing can be found in it.
            return List.of();
        }
        return names;
    }

    private void remove(Path name) throws IOException {
        // Before it is opened too: opening a pipe in its place would wait for ever.
        if (!isOurs(tmp.handle().getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS))) {
            return;
        }
        try (SecureDirectoryStream<Path> handle =
                 tmp.handle().newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
            PosixFileAttributeView view = handle.getFileAttributeView(PosixFileAttributeView.class);
            if (!isOurs(view)) {
                return;
            }
            List<Path> files = new ArrayList<>();
            for (Path file : handle) {
                files.add(file.getFileName());
            }
            if (isLeft(files, view)) {
                for (Path file : files) {
                    handle.deleteFile(file);
                }
                // Removes an empty directory or nothing, and follows no link.
                tmp.handle().deleteDirectory(name);
            }
        }
    }

    private boolean isOurs(PosixFileAttributeView view) throws IOException {
        PosixFileAttributes found = view.readAttributes();
        return found.isDirectory() && owners.contains(found.owner())
            && PosixFilePermissions.toString(found.permissions()).equals(HeldDirectory.OURS_ALONE);
    }

    /** Whether its maker, who made the directory, then the file with his name, then the copy, is gone. */
    private static boolean isLeft(List<Path> files, PosixFileAttributeView directory) throws IOException {
        if (files.isEmpty()) {
            long madeMs = directory.readAttributes().lastModifiedTime().toMillis();
            return System.currentTimeMillis() - madeMs > TimeUnit.SECONDS.toMillis(UNNAMED_FOR_S);
        }
        int makers = 0;
        for (Path file : files) {
            String name = file.toString();
            if (JarMaker.named(name).isPresent()) {
                if (!JarMaker.named(name).get().isGone()) {
                    return false;
                }
                makers++;
            } else if (!name.equals(JarCarrier.JAR)) {
                return false;
            }
        }
        return makers > 0;
    }
}
