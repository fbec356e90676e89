package io.bpfagent.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * The directory of one JVM's socket: {@code BASE/.bpf-agent-PID}, mode 0700.
 *
 * <p>The base is open to everybody, so a directory that is already there may be somebody's trap: it is
 * used only if it is a directory, not a link, of our user and of mode 0700. The base must be sticky,
 * as /tmp is, or nobody else's.
 */
final class ControlDirectory {
    private static final String PREFIX = ".bpf-agent-";
    private static final String SOCKET = "control.sock";
    private static final String HAND_OVER = "handover.sock";
    private static final int PID_DIGITS = 9;
    private static final int MODE = 0700;
    private static final int MODE_BITS = 0777;

    private final Path directory;
    private final Path socket;

    ControlDirectory(Path base, long pid) {
        directory = base.resolve(PREFIX + pid);
        socket = directory.resolve(SOCKET);
    }

    Path socket() {
        return socket;
    }

    /** Where another one is made for as long as programs are handed over. */
    Path handOverSocket() {
        return directory.resolve(HAND_OVER);
    }

    /** Makes the directory, and takes away what dead processes of this user left beside it. */
    void open() throws IOException {
        int user = OwnStatus.fileUser();
        removeStale(user);
        try {
            Files.createDirectory(directory,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            if (!isOurs(directory, user)) {
                throw new IOException(directory + " is there and is not a directory of this user with mode "
                        + "0700. Remove it", e);
            }
            if (answers(socket)) {
                throw new IOException(directory + " is used by another agent. Give each JVM its own /tmp", e);
            }
            Files.deleteIfExists(socket);
        }
    }

    /** Takes socket and directory away; what is gone already is fine. */
    void remove() {
        remove(directory);
    }

    private static void remove(Path directory) {
        try {
            Files.deleteIfExists(directory.resolve(SOCKET));
            Files.deleteIfExists(directory.resolve(HAND_OVER));
            Files.deleteIfExists(directory);
        } catch (IOException | SecurityException e) {
            // not empty, or not ours any more: it is left; the next agent of this PID looks at it
        }
    }

    private void removeStale(int user) {
        // Not as a DirectoryStream with a glob, which brings 60 classes. Null when it cannot be read.
        String[] names = directory.getParent().toFile().list();
        for (String name : names == null ? new String[0] : names) {
            if (!name.startsWith(PREFIX) || !isPid(name.substring(PREFIX.length()))) {
                continue;
            }
            Path path = directory.resolveSibling(name);
            // A live process of another pid namespace may share this /tmp: only who does not answer is dead.
            if (!Files.exists(Path.of("/proc", name.substring(PREFIX.length()))) && isOurs(path, user)
                    && !answers(path.resolve(SOCKET))) {
                remove(path);
            }
        }
    }

    private static boolean isPid(String text) {
        boolean digits = !text.isEmpty() && text.length() <= PID_DIGITS;
        for (int i = 0; i < text.length(); i++) {
            digits &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        return digits;
    }

    private static boolean isOurs(Path path, int user) {
        try {
            Map<String, Object> found = Files.readAttributes(path, "unix:isDirectory,uid,mode",
                    LinkOption.NOFOLLOW_LINKS);
            return (Boolean) found.get("isDirectory") && (Integer) found.get("uid") == user
                    && ((Integer) found.get("mode") & MODE_BITS) == MODE;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private static boolean answers(Path socket) {
        if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // Does not block: a connection to a full queue is refused at once.
            channel.configureBlocking(false);
            channel.connect(UnixDomainSocketAddress.of(socket));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
