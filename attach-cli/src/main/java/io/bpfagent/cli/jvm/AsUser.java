package io.bpfagent.cli.jvm;

import io.bpfagent.cli.errors.CliError;
import java.io.IOException;
import java.util.concurrent.Callable;

/**
 * Does what a JVM takes from its own user only, as that user.
 *
 * <p>HotSpot and the agent let in their own user and root. Seen from inside a user namespace (a rootless container)
 * root of the host is neither, so for such a JVM a thread of this process becomes the JVM's user: {@code
 * setresuid(2)} by way of the carried agent's bindings. Everywhere else the calling thread does it itself.
 */
public final class AsUser {

    private AsUser() {
    }

    /**
     * The action's result.
     *
     * @param process the JVM that the action asks something of
     * @throws Exception what the action has thrown
     */
    public static <T> T call(TargetProcess process, Callable<T> action) throws Exception {
        return process.needsItsUser() ? callAs(process, action) : action.call();
    }

    private static <T> T callAs(TargetProcess process, Callable<T> action) throws Exception {
        Outcome<T> outcome = new Outcome<>();
        Thread thread = new Thread(() -> {
            try {
                become(process);
                outcome.value = action.call();
            } catch (Exception | LinkageError failed) {
                outcome.failure = failed;
            }
        }, "as-user");
        thread.setDaemon(true);
        thread.start();
        thread.join();
        if (outcome.failure instanceof Exception told) {
            throw told;
        }
        if (outcome.failure != null) {
            throw new IllegalStateException(outcome.failure);
        }
        return outcome.value;
    }

    private static void become(TargetProcess process) throws IOException {
        try {
            AgentNatives.call("ThreadUser", "become", new Class<?>[] {int.class, int.class}, process.uid(),
                process.gid());
        } catch (IOException | RuntimeException failed) {
            throw failed;
        } catch (Exception refused) {
            throw CliError.AS_USER.because(" (uid " + process.uid() + " gid " + process.gid() + " of JVM "
                + process.pid() + ", " + refused.getMessage() + "). Run the command inside the container.", refused);
        }
    }

    private static final class Outcome<T> {
        private T value;
        private Throwable failure;
    }
}
