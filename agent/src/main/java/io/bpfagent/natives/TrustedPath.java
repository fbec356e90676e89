package io.bpfagent.natives;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.StringTokenizer;

/**
 * Whether a file that root is told to load, or a directory that root is told to put such files into, could be changed
 * by anybody else: then whoever that is would run code as root. Any thread.
 */
public final class TrustedPath {
    private static final int OTHERS_WRITE = 0002;
    private static final int GROUP_WRITES = 0020;
    private static final int STICKY = 01000;

    private TrustedPath() {}

    /** Why this process must not load it; null when it may, or is not root's. */
    public static String problem(String path) {
        try {
            return isRoot() ? problemForRoot(Path.of(path)) : null;
        } catch (IOException | RuntimeException e) {
            // What is not there or cannot be read is told by whoever tries to open it.
            return null;
        }
    }

    private static boolean isRoot() throws IOException {
        try (FileInputStream in = new FileInputStream("/proc/self/status")) {
            // Bytes as characters: a process may be called anything, half a UTF-8 character too.
            String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            StringTokenizer users = new StringTokenizer(text.substring(text.indexOf("\nUid:") + 5));
            users.nextToken();
            return users.nextToken().equals("0");
        }
    }

    /** The same if it is root's, by the file and all directories above it. */
    static String problemForRoot(Path given) throws IOException {
        for (Path path = given.toRealPath(); path != null; path = path.getParent()) {
            Map<String, Object> of = Files.readAttributes(path, "unix:uid,gid,mode,isDirectory");
            int uid = (Integer) of.get("uid");
            int mode = (Integer) of.get("mode");
            // In a directory such as /tmp nobody can put away what is root's.
            boolean keepsNames = (Boolean) of.get("isDirectory") && (mode & STICKY) != 0;
            boolean othersWrite = (mode & OTHERS_WRITE) != 0
                    || (mode & GROUP_WRITES) != 0 && (Integer) of.get("gid") != 0;
            if (uid != 0) {
                return path + " belongs to uid " + uid;
            }
            if (othersWrite && !keepsNames) {
                return path + " can be written by others than root";
            }
        }
        return null;
    }
}
