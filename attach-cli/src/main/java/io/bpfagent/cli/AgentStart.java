package io.bpfagent.cli;

import io.bpfagent.cli.control.ControlClient;
import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.control.StatusDocument;
import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import io.bpfagent.cli.jvm.AgentThread;
import io.bpfagent.cli.jvm.Sleep;
import io.bpfagent.cli.jvm.TargetProcess;
import java.util.function.Consumer;

/** Waits for an agent that has just been loaded: its probes come up in a thread of its own. */
final class AgentStart {

    private static final long POLL_MS = 25;
    /** So many looks one after the other must say that it is gone: about 100 ms. */
    private static final int GONE_LOOKS = 4;
    /** Who waits longer than that wants to know what for. */
    private static final long SILENT_MS = 3_000;

    private final Environment environment;
    private final TargetProcess process;
    private final ControlClient client;
    private final String jar;
    private final Consumer<String> tell;

    /**
     * @param jar the path, in the JVM, of the jar that was loaded
     * @param tell takes a line for the person who waits
     */
    AgentStart(Environment environment, TargetProcess process, String jar, Consumer<String> tell) {
        this.environment = environment;
        this.process = process;
        this.client = new ControlClient(process);
        this.jar = jar;
        this.tell = tell;
    }

    /** The same, but that an agent that waits for its programs is as good as one that is on. */
    String awaitOnOrWaiting() {
        return await("waiting");
    }

    /**
     * The status document of the agent that is on, which may be another attach's: see {@link #isOurs}. One of ours that
     * failed, or is not on in time, is detached, so that nothing stays, before the error is thrown.
     */
    String await() {
        return await("on");
    }

    private String await(String orElse) {
        long began = System.nanoTime();
        boolean told = false;
        boolean others = false;
        int gone = 0;
        String state = "no answer";
        while (true) {
            try {
                String answer = client.ask(Request.of("status"));
                StatusDocument status = Documents.read(answer, StatusDocument.class);
                state = status.state();
                others = !isOurs(status, jar);
                if (state.equals("on") || state.equals(orElse)) {
                    return answer;
                }
                if (state.equals("failed")) {
                    if (!others) {
                        detach();
                    }
                    throw CliError.AGENT_FAILED.because((others ? ", which another attach has brought: " : ": ")
                        + status.error());
                }
            } catch (CliException notYet) {
                if (!mayChange(notYet.error())) {
                    throw notYet;
                }
                gone = notYet.error() == CliError.NO_AGENT && AgentThread.isGone(process) ? gone + 1 : 0;
            }
            if (!process.isAlive()) {
                throw CliError.JVM_ENDED.because(" (" + process.pid() + ") while the agent was starting.");
            }
            if (gone >= GONE_LOOKS) {
                throw CliError.AGENT_FAILED.because(": it has ended in JVM " + process.pid()
                    + " before it could say why."
                    + " The JVM is shutting down, or its standard error has the reason; with a security manager it is"
                    + " often a permission that its policy does not grant to the jar. See TROUBLESHOOTING.md,"
                    + " \"The agent did not start\".");
            }
            long waitedMs = (System.nanoTime() - began) / 1_000_000;
            if (waitedMs > environment.startTimeoutMs()) {
                if (!others) {
                    detach();
                }
                throw CliError.AGENT_SILENT.because(" (" + environment.startTimeoutMs() / 1000 + " s, state="
                    + state + "). The standard error of JVM " + process.pid()
                    + " may say why; a JVM short of heap or CPU, or one that is shutting down, is often the reason.");
            }
            if (waitedMs > SILENT_MS && !told && environment.terminal()) {
                told = true;
                tell.accept("waiting for the agent in JVM " + process.pid() + " to load its probes (" + state + ")");
            }
            Sleep.ms(POLL_MS);
        }
    }

    /** Whether it runs out of the jar that was loaded; of two attaches at once one finds the other's. */
    static boolean isOurs(StatusDocument status, String jar) {
        return status.jar() == null || status.jar().equals(jar);
    }

    private static boolean mayChange(CliError error) {
        return error == CliError.NO_AGENT || error == CliError.REACH_BROKEN || error == CliError.REACH_TIMEOUT;
    }

    private void detach() {
        try {
            client.ask(Request.of("detach"));
        } catch (CliException nobody) {
            // There is nothing to take out, and the reason why is told already.
        }
    }
}
