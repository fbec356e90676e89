package io.bpfagent.natives;

import com.kenai.jffi.Library;
import java.io.IOException;

/**
 * Lets the command line send what asks a JVM to listen for requests to attach: Java can end other processes and send
 * them no other signal. The agent itself never uses this. Any thread.
 */
public final class ProcessSignal {
    private static final int SIGQUIT = 3;

    private ProcessSignal() {}

    /**
     * Sends SIGQUIT, which ends a process that does not handle it.
     *
     * @throws IOException when there is no such process, or this user may not
     */
    public static void quit(int pid) throws IOException, NativeTierException {
        long kill = NativeCalls.function(Library.getDefault(), "kill");
        if ((int) NativeCalls.call(kill, pid, SIGQUIT) != 0) {
            throw new IOException("kill: " + Errno.name(NativeTier.errno()));
        }
    }
}
