package io.bpfagent.cli;

import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.control.RemotesDocument;
import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.jvm.TargetProcess;
import io.bpfagent.cli.text.RemotesText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code remotes}: with whom the JVM has TCP connections. */
@Command(name = "remotes", header = "Shows with whom the JVM has TCP connections, and how they go.",
    description = "For each address and port that it calls, and each address that it is called from: connections,"
        + " bytes, retransmits, resets, round trips, life times. What single threads and pools waited for:"
        + " attach-cli hist PID --pool POOL --metric tcp_connect.",
    footer = {
        "  attach-cli remotes 4711",
        "  attach-cli remotes 4711 --interval",
        "  attach-cli remotes 4711 --format json | jq '.remotes[]|select(.failed>0)'"})
final class RemotesVerb extends JvmVerb {

    @Option(names = "--interval", description = "the last interval instead of all since the agent began")
    private boolean interval;

    RemotesVerb(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        TargetProcess process = process();
        String answer = askWhenReady(process, Request.remotes(interval));
        print(answer, () -> RemotesText.of(title(process), Documents.read(answer, RemotesDocument.class)));
        return 0;
    }
}
