package io.bpfagent.cli.jvm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether an agent that a JVM has just loaded is still there, seen from outside: by its thread, which begins before the
 * loading is over and which is there until it ends. Where a security policy lets the agent do nothing, it cannot even
 * say so to who has brought it.
 */
public final class AgentThread {

    private static final String AGENT = "bpf-agent";
    /** HotSpot's own, which has made the agent's. A thread has the name of its maker until it gives itself its own. */
    private static final String MAKER = "Attach Listener";

    private AgentThread() {
    }

    /**
     * Whether that JVM certainly has no thread of an agent, nor one that is just becoming it. Where its threads' names
     * cannot be seen nothing is certain.
     */
    public static boolean isGone(TargetProcess process) {
        int makers = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(process.procDirectory().resolve("task"))) {
            for (Path thread : threads) {
                String name = name(thread);
                if (name.startsWith(AGENT)) {
                    return false;
                }
                makers += name.equals(MAKER) ? 1 : 0;
            }
        } catch (IOException | DirectoryIteratorException hidden) {
            return false;
        }
        return makers == 1;
    }

    private static String name(Path thread) {
        try {
            return Files.readString(thread.resolve("comm"), StandardCharsets.ISO_8859_1).strip();
        } catch (IOException ended) {
            return "";
        }
    }
}
