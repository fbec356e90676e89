package io.bpfagent.cli;

import io.bpfagent.cli.control.Request;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code probe PID add}: adds a probe. */
@Command(name = "add", header = "Adds a probe; at most seven at a time.",
    customSynopsis = "attach-cli probe PID add [OPTIONS] NAME SPEC...",
    description = "It counts from now on, for the JVM's threads only, until it is removed or the agent goes.",
    footer = {
        "  attach-cli probe 4711 add lookups uprobe:libc.so.6:getaddrinfo",
        "  attach-cli probe 4711 add big_writes 'uprobe:libc.so.6:write arg3>65536 value=arg3 slow-site=yes'"})
final class ProbeAddVerb extends Verb {

    @ParentCommand
    private ProbeVerb probe;

    @Parameters(index = "0", paramLabel = "NAME", description = "what its histogram is to be called")
    private String name;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "SPEC",
        description = "what to probe, as 'attach-cli probe --help' says")
    private List<String> spec;

    ProbeAddVerb(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        String answer = probe.change(Request.addProbe(name, String.join(" ", spec)));
        print(answer, () -> "added " + name + "; see it with: attach-cli hist " + probe.pid() + " --metric " + name
            + "\n");
        return 0;
    }
}
