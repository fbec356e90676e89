package io.bpfagent.cli;

import io.bpfagent.cli.control.ControlClient;
import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.jvm.Sleep;
import io.bpfagent.cli.jvm.TargetProcess;
import picocli.CommandLine.Command;

/** {@code detach}: takes the agent out; done when its socket is gone too. */
@Command(name = "detach", header = "Takes the agent out of a JVM; nothing of it stays in the kernel.",
    description = "Returns when everything of it is closed. The JVM runs on.",
    footer = "  attach-cli detach 4711")
final class DetachVerb extends JvmVerb {

    private static final long POLL_MS = 20;

    DetachVerb(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        TargetProcess process = process();
        ControlClient client = new ControlClient(process, environment().detachTimeoutMs());
        String answer = ask(client, process, Request.of("detach"));
        long deadline = System.nanoTime() + environment().detachTimeoutMs() * 1_000_000;
        while (client.socketExists() && process.isAlive()) {
            if (System.nanoTime() > deadline) {
                throw CliError.DETACH_TIMEOUT.because(" (" + environment().detachTimeoutMs() / 1000 + " s, "
                    + process.controlSocket() + " is still there). Look with: attach-cli status " + pid());
            }
            Sleep.ms(POLL_MS);
        }
        print(answer, () -> "detached from " + pid() + "\n");
        return 0;
    }
}
