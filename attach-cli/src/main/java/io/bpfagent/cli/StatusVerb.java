package io.bpfagent.cli;

import io.bpfagent.cli.control.ControlClient;
import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.control.StatusDocument;
import io.bpfagent.cli.jvm.TargetProcess;
import io.bpfagent.cli.text.StatusText;
import picocli.CommandLine.Command;

/** {@code status}: how the agent itself is doing. */
@Command(name = "status", header = "Shows the agent's state, its probes, what it costs and what it lost.",
    description = "Also of an agent that is starting or has failed: then with the reason.",
    footer = {
        "  attach-cli status 4711",
        "  attach-cli status 4711 --format json | jq .probes"})
final class StatusVerb extends JvmVerb {

    StatusVerb(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        TargetProcess process = process();
        String answer = ask(new ControlClient(process), process, Request.of("status"));
        print(answer, () -> StatusText.of(title(process), Documents.read(answer, StatusDocument.class)));
        return 0;
    }
}
