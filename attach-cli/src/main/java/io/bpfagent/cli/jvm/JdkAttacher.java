package io.bpfagent.cli.jvm;

import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import java.io.File;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.bytebuddy.agent.ByteBuddyAgent;

/**
 * Attaches with the JDK's own attach mechanism, found by Byte Buddy's agent library; to a JVM that has another /tmp
 * with {@link SocketAttacher}.
 */
public final class JdkAttacher implements Attacher {

    private final long timeoutMs;

    /** @param timeoutMs how long the JVM may take to load the agent and say so */
    public JdkAttacher(long timeoutMs) {
        this.timeoutMs = timeoutMs;
    }

    @Override
    public void attach(TargetProcess target, String pathInTarget, String arguments) {
        try (AttachLock lock = AttachLock.of(target, SocketAttacher.LISTEN_WAIT_MS)) {
            attachAlone(target, pathInTarget, arguments);
        }
    }

    private void attachAlone(TargetProcess target, String pathInTarget, String arguments) {
        target.forgetEarlierListener();
        target.listenFileOfAnother().ifPresent(file -> {
            throw CliError.ATTACH_FILE_IN_THE_WAY.because(" (" + file + ", which an earlier process of this number has"
                + " left). Remove it: sudo rm " + file + ", then attach again.");
        });
        if (target.hasOwnTmp()) {
            attachThere(target, pathInTarget, arguments);
            return;
        }
        // Without the module Byte Buddy would look for other ways (JNA) and say so in its own words.
        if (ModuleLayer.boot().findModule("jdk.attach").isEmpty()) {
            throw CliError.ATTACH_NO_MODULE.because(" (java.home=" + System.getProperty("java.home")
                + "). Run attach-cli with a JDK of release 17 or later.");
        }
        attachHere(target, pathInTarget, arguments);
    }

    /** In a thread of its own: the JDK waits for the JVM's answer without end, and cannot be told to stop. */
    private void attachHere(TargetProcess target, String pathInTarget, String arguments) {
        FutureTask<Void> attaching = new FutureTask<>(() ->
            ByteBuddyAgent.attach(new File(pathInTarget), Integer.toString(target.pid()), arguments), null);
        Thread thread = new Thread(attaching, "attach");
        thread.setDaemon(true);
        thread.start();
        try {
            attaching.get(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw explain(SocketAttacher.noAnswer(timeoutMs), target);
        } catch (ExecutionException failed) {
            throw explain(failed.getCause(), target);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw CliError.UNEXPECTED.because(": interrupted while waiting. Run the command again.", interrupted);
        }
    }

    private void attachThere(TargetProcess target, String pathInTarget, String arguments) {
        try {
            AsUser.call(target, () -> {
                SocketAttacher.attach(target, pathInTarget, arguments, timeoutMs);
                return null;
            });
        } catch (CliException told) {
            throw told;
        } catch (SocketAttacher.RefusedException answered) {
            throw refused(answered, answered.getMessage(), target);
        } catch (Exception | LinkageError failed) {
            throw explain(failed, target);
        }
    }

    /** One clear line for whatever the JDK threw; by name, for a JRE lacks the classes. */
    static CliException explain(Throwable failed, TargetProcess target) {
        Throwable cause = failed;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String pid = Integer.toString(target.pid());
        String said = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        if (!target.isAlive()) {
            return CliError.JVM_ENDED.because(" (" + pid + ") while it was being attached to.", failed);
        }
        return switch (cause.getClass().getSimpleName()) {
            case "AgentLoadException", "AgentInitializationException" -> refused(failed, said, target);
            case "AttachNotSupportedException", "AttachOperationFailedException", "IOException",
                "AccessDeniedException", "FileNotFoundException", "NoSuchFileException", "SocketException" ->
                CliError.ATTACH_NO_ANSWER.because(" (" + pid + ": " + said + "). Look with 'jcmd " + pid
                    + " VM.version' whether it answers at all; start it with -javaagent:bpf-agent.jar if not.",
                    failed);
            default -> CliError.ATTACH_REFUSED.because(" (" + pid + ": " + cause.getClass().getSimpleName() + ": "
                + said + "). Run again with --verbose for the whole story.", failed);
        };
    }

    private static CliException refused(Throwable failed, String said, TargetProcess target) {
        if (said.contains("Dynamic agent loading is not enabled")) {
            return dynamicLoadingRefused(target, failed);
        }
        return CliError.ATTACH_REFUSED.because(" (" + target.pid() + ": " + said + "). The JVM's standard error"
            + " says more; or start it with -javaagent:bpf-agent.jar.", failed);
    }

    /** The error for a JVM that was told to load no agents at run time. */
    static CliException dynamicLoadingRefused(TargetProcess target, Throwable cause) {
        return CliError.ATTACH_DYNAMIC_REFUSED.because(" (" + target.pid() + ": -XX:-EnableDynamicAgentLoading)."
            + " Restart it without this flag, or with -javaagent:bpf-agent.jar.", cause);
    }
}
