package io.bpfagent.cli.interval;

import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import io.bpfagent.cli.jvm.Sleep;
import io.bpfagent.cli.jvm.TargetProcess;

/**
 * What it means that an agent, which has answered before, does not answer: its JVM is in a long pause and will answer
 * later, or it is gone.
 */
public final class AgentWatch {

    /** An agent goes a little earlier than its JVM: so long it may take. */
    private static final long ENDING_MS = 2_000;
    private static final long ENDING_POLL_MS = 50;

    private final TargetProcess process;
    private boolean broke;

    public AgentWatch(TargetProcess process) {
        this.process = process;
    }

    /** The agent has answered. */
    public void answered() {
        broke = false;
    }

    /**
     * Returns what to tell when asking again makes sense, empty when there is nothing to tell.
     *
     * @param none why there was no answer
     * @throws CliException in words that say who has gone, when there will be none
     */
    public String explain(CliException none) {
        boolean alive = process.isAlive();
        if (alive && none.error() == CliError.REACH_TIMEOUT) {
            return "JVM " + process.pid() + " does not answer: in a long pause, stopped, or starved. Asking on.";
        }
        if (alive && none.error() == CliError.REACH_BROKEN && !broke) {
            broke = true; // an agent that is closing; the next try says whether it is gone
            return "";
        }
        // A JVM that is ending has no libjvm any more while it still is a process.
        boolean gone = none.error() == CliError.NO_AGENT || none.error() == CliError.REACH_BROKEN
            || none.error() == CliError.REACH_OTHER_USER || none.error() == CliError.ATTACH_NOT_JVM;
        for (long waited = 0; gone && alive && waited < ENDING_MS; waited += ENDING_POLL_MS) {
            Sleep.ms(ENDING_POLL_MS);
            alive = process.isAlive();
        }
        if (!alive) {
            throw CliError.JVM_ENDED.because(" (" + process.pid() + ").", none);
        }
        if (none.error() == CliError.NO_AGENT) {
            throw CliError.NO_AGENT.because(" " + process.pid() + " any more: it was detached, or the JVM is ending."
                + " Attach again with: attach-cli " + process.pid(), none);
        }
        throw none;
    }
}
