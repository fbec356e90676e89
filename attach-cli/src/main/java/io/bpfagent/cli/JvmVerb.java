package io.bpfagent.cli;

import io.bpfagent.cli.control.ControlClient;
import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import io.bpfagent.cli.jvm.AttachCheck;
import io.bpfagent.cli.jvm.Sleep;
import io.bpfagent.cli.jvm.TargetProcess;
import io.bpfagent.cli.text.Title;
import picocli.CommandLine.Parameters;

/** A verb about one JVM. */
abstract class JvmVerb extends Verb {

    /** Three intervals of the default length. */
    private static final long READY_WAIT_MS = 3_000;
    private static final long READY_POLL_MS = 50;

    @Parameters(index = "0", paramLabel = "PID", converter = PidConverter.class,
        description = "the JVM's process id, as 'attach-cli list' shows it, or a part of its name there")
    private String target;
    /** 0 until it is known which JVM is meant. */
    private int pid;

    JvmVerb(Environment environment) {
        super(environment);
    }

    /**
     * The JVM that is meant.
     *
     * @throws CliException when it was given by a name that none has, or several
     */
    final int pid() {
        if (pid == 0) {
            pid = PidConverter.pid(environment(), target);
        }
        return pid;
    }

    /** The process whose agent is asked. */
    final TargetProcess process() {
        return TargetProcess.find(environment().proc(), pid()).orElseThrow(() ->
            CliError.REACH_NO_PROCESS.because(" " + pid() + ". List JVMs with: attach-cli list"));
    }

    /** The agent's answer; where none can be because the process is no JVM, the error says so. */
    final String ask(ControlClient client, TargetProcess process, Request request) {
        try {
            return client.ask(request);
        } catch (CliException none) {
            if (none.error() == CliError.NO_AGENT && new AttachCheck(environment().proc()).isKnownNoJvm(process)) {
                throw AttachCheck.notJvm(process);
            }
            throw none;
        }
    }

    /**
     * The agent's answer; waits a little for the first numbers of an agent that has just come up.
     */
    final String askWhenReady(TargetProcess process, Request request) {
        long deadline = System.nanoTime() + READY_WAIT_MS * 1_000_000;
        while (true) {
            try {
                return ask(new ControlClient(process, environment().answerTimeoutMs()), process, request);
            } catch (CliException refused) {
                boolean early = refused.error() == CliError.ANSWER_ERROR && refused.getMessage().contains("not ready");
                if (!early || System.nanoTime() > deadline) {
                    throw refused;
                }
                Sleep.ms(READY_POLL_MS);
            }
        }
    }

    /** For the head of a report. */
    final Title title(TargetProcess process) {
        return new Title(pid(), process.name());
    }
}
