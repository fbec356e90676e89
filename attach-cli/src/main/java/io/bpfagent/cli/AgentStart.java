package io.bpfagent.cli;

import io.bpfagent.cli.control.ControlClient;
import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.control.StatusDocument;
import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import io.bpfagent.cli.jvm.Sleep;
import io.bpfagent.cli.jvm.TargetProcess;
import java.util.function.Consumer;

/** Waits for an agent that has just been loaded: its probes come up in a thread of its own. */
final class AgentStart {

    private static final long POLL_MS = 25;
    /** Who waits longer than that wants to know what for. */
    private static final long SILENT_MS = 3_000;

    private final Environment environment;
    private final TargetProcess process;
    private final ControlClient client;
    private final Consumer<String> tell;

    /** @param tell takes a line for the person who waits */
    AgentStart(Environment environment, TargetProcess process, Consumer<String> tell) {
        this.environment = environment;
        this.process = process;
        this.client = new ControlClient(process);
        this.tell = tell;
    }

    /**
     * The status document of the agent that is on. One that failed, or is not on in time, is
     * detached, so that nothing stays, before the error is thrown.
     */
    String await() {
        long began = System.nanoTime();
        boolean told = false;
        String state = "no answer";
        while (true) {
            try {
                String answer = client.ask(Request.of("status"));
                StatusDocument status = Documents.read(answer, StatusDocument.class);
                state = status.state();
                if (state.equals("on")) {
                    return answer;
                }
                if (state.equals("failed")) {
                    detach();
                    throw CliError.AGENT_FAILED.because(": " + status.error());
                }
            } catch (CliException notYet) {
                if (!mayChange(notYet.error())) {
                    throw notYet;
                }
            }
            if (!process.isAlive()) {
                throw CliError.JVM_ENDED.because(" (" + process.pid() + ") while the agent was starting.");
            }
            long waitedMs = (System.nanoTime() - began) / 1_000_000;
            if (waitedMs > environment.startTimeoutMs()) {
                detach();
                throw CliError.AGENT_SILENT.because(" (" + environment.startTimeoutMs() / 1000 + " s, state="
                    + state + "). The standard error of JVM " + process.pid()
                    + " may say why; a JVM short of heap or CPU is often the reason.");
            }
            if (waitedMs > SILENT_MS && !told && environment.terminal()) {
                told = true;
                tell.accept("waiting for the agent in JVM " + process.pid() + " to load its probes (" + state + ")");
            }
            Sleep.ms(POLL_MS);
        }
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
