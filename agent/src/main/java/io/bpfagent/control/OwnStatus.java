package io.bpfagent.control;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.StringTokenizer;

/** What the kernel says of this process in /proc/self/status, see proc(5). Any thread. */
public final class OwnStatus {
    private OwnStatus() {
    }

    /** The process id as the process sees itself, which is not always how /proc calls it. */
    public static int pid() {
        try {
            StringTokenizer pids = words("NSpid");
            String innermost = pids.nextToken();
            while (pids.hasMoreTokens()) {
                innermost = pids.nextToken();
            }
            return Integer.parseInt(innermost);
        } catch (IOException | RuntimeException e) {
            // No /proc: the JDK's way, which brings 40 classes, a thread pool and 30 ms.
            return (int) ProcessHandle.current().pid();
        }
    }

    /** The user that files made by this process belong to. */
    public static int fileUser() throws IOException {
        try {
            StringTokenizer users = words("Uid");
            users.nextToken();
            users.nextToken();
            users.nextToken();
            return Integer.parseUnsignedInt(users.nextToken());
        } catch (RuntimeException e) {
            throw new IOException("/proc/self/status has no line Uid", e);
        }
    }

    private static StringTokenizer words(String key) throws IOException {
        String text;
        try (FileInputStream in = new FileInputStream("/proc/self/status")) {
            // Bytes as characters: a process may be called anything, half a UTF-8 character too.
            text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
        int at = text.indexOf('\n' + key + ':') + 1;
        int begin = at + key.length() + 1;
        return new StringTokenizer(at == 0 ? "" : text.substring(begin, text.indexOf('\n', begin)));
    }
}
