package io.bpfagent.cli;

import io.bpfagent.cli.control.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code probe PID remove}: removes a probe. */
@Command(name = "remove", header = "Removes a probe, and its histogram with it.",
    customSynopsis = "attach-cli probe PID remove [OPTIONS] NAME",
    description = "Its name, and the room for it, can be used again at once.",
    footer = "  attach-cli probe 4711 remove lookups")
final class ProbeRemoveVerb extends Verb {

    @ParentCommand
    private ProbeVerb probe;

    @Parameters(index = "0", paramLabel = "NAME", description = "as 'list' shows it")
    private String name;

    ProbeRemoveVerb(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        print(probe.change(Request.removeProbe(name)), () -> "removed " + name + "\n");
        return 0;
    }
}
