package io.bpfagent.cli.jvm;

import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether a process may be attached to, found out before anything is sent to it.
 *
 * <p>It matters because attaching begins with SIGQUIT: that ends a process that is no JVM, and
 * makes a JVM that does not attach print all its threads to its standard output.
 */
public final class AttachCheck {

    private static final String DISABLED = "-XX:+DisableAttachMechanism";
    /** A JVM installs its handler some 50 ms after its start; ten times that is enough to wait. */
    private static final long HANDLER_WAIT_MS = 1_000;
    private static final long HANDLER_POLL_MS = 20;

    private final Path proc;

    /** @param proc where proc is mounted */
    public AttachCheck(Path proc) {
        this.proc = proc;
    }

    /** The process, when an agent can be loaded into it; an error that says why not otherwise. */
    public TargetProcess check(int pid) {
        TargetProcess process = TargetProcess.find(proc, pid).orElseThrow(() ->
            CliError.ATTACH_NO_PROCESS.because(" " + pid + ". List JVMs with: attach-cli list"));
        if (process.threadGroup() != pid) {
            throw CliError.ATTACH_THREAD.because(" (" + pid + " belongs to " + process.threadGroup()
                + "). Run: attach-cli " + process.threadGroup());
        }
        checkUser(process);
        if (!process.isJvm()) {
            throw notJvm(process);
        }
        if (process.isOpenJ9()) {
            throw CliError.ATTACH_NOT_HOTSPOT.because(" (" + pid + ": OpenJ9). Start it with"
                + " -javaagent:bpf-agent.jar instead.");
        }
        if (isAttachDisabled(process)) {
            throw CliError.ATTACH_DISABLED.because(" (" + pid + ": " + DISABLED + "). Restart it without this"
                + " flag, or with -javaagent:bpf-agent.jar.");
        }
        // JDK 21 and later can answer a refused request as if it were done, so do not rely on it.
        if (refusesAgents(process)) {
            throw JdkAttacher.dynamicLoadingRefused(process, null);
        }
        if (process.isStopped()) {
            throw CliError.ATTACH_STOPPED.because(" (" + pid + ": by a signal or a debugger). Let it go on"
                + " first: kill -CONT " + pid);
        }
        return untilItListens(process);
    }

    /** Whether this command runs as root. */
    public boolean isRoot() {
        return own().uid() == 0;
    }

    /** Whether it is known that no JVM runs in a process; of another user's process it is not. */
    public boolean isKnownNoJvm(TargetProcess process) {
        // One that is ending has no mappings any more: asked last, isAlive() tells.
        return !isOtherUser(own(), process) && !process.isJvm() && process.isAlive();
    }

    /** The error for a process that is no JVM. */
    public static CliException notJvm(TargetProcess process) {
        return CliError.ATTACH_NOT_JVM.because(" (" + process.pid() + ": " + process.program()
            + " has no libjvm). List JVMs with: attach-cli list");
    }

    /** HotSpot takes requests of its own user and group, and root's. */
    public void checkUser(TargetProcess process) {
        ProcStatus own = own();
        if (isOtherUser(own, process)) {
            throw CliError.ATTACH_OTHER_USER.because(" (" + process.pid() + " runs as uid " + process.uid()
                + " gid " + process.gid() + ", you are uid " + own.uid() + " gid " + own.gid()
                + "). Run: sudo attach-cli " + process.pid());
        }
    }

    private ProcStatus own() {
        return ProcStatus.read(proc.resolve("self")).orElseThrow(() ->
            CliError.UNEXPECTED.because(": /proc/self/status is not readable. Mount /proc."));
    }

    private static boolean isOtherUser(ProcStatus own, TargetProcess process) {
        return own.uid() != 0 && (own.uid() != process.uid() || own.gid() != process.gid());
    }

    /** Whether the JVM was told to take no requests to attach. */
    public static boolean isAttachDisabled(TargetProcess process) {
        // The JVM's own word counts most: options can stand in files and be revoked later on.
        return process.perfData().flatMap(PerfData::attachable).map(attachable -> !attachable)
            .orElseGet(() -> FlagFinder.isSet(process, "DisableAttachMechanism").orElse(false));
    }

    /** Whether the JVM was told to load no agents at run time. */
    public static boolean refusesAgents(TargetProcess process) {
        return FlagFinder.isSet(process, "EnableDynamicAgentLoading").equals(Optional.of(false));
    }

    private TargetProcess untilItListens(TargetProcess process) {
        long deadline = System.nanoTime() + HANDLER_WAIT_MS * 1_000_000;
        TargetProcess now = process;
        while (!now.listensAlready() && !now.catchesSigquit()) {
            if (System.nanoTime() > deadline) {
                throw CliError.ATTACH_NOT_READY.because(" (" + process.pid() + " has no handler for SIGQUIT, which"
                    + " would end it). Try again when it has started, or start it with -javaagent:bpf-agent.jar.");
            }
            Sleep.ms(HANDLER_POLL_MS);
            now = TargetProcess.find(proc, process.pid()).orElseThrow(() ->
                CliError.JVM_ENDED.because(" (" + process.pid() + ") before it could be attached to."));
        }
        return now;
    }
}
