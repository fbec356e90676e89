package io.bpfagent.cli;

import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.control.ProbesDocument;
import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.jvm.TargetProcess;
import io.bpfagent.cli.text.ProbesText;
import picocli.CommandLine.Command;

/** {@code probes}: what each probe costs. */
@Command(name = "probes", header = "Shows what each probe costs, and which are off and why.",
    description = "A hit is a program that came to work for one of the JVM's threads; of disks and TCP for any"
            + " process. NS/HIT"
        + " contains the way into the program, for uprobes a trap, and back. Optional ones are turned off and on with"
        + " attach-cli set PID probe.NAME=off. Probes of your own are added with attach-cli probe.",
    footer = {
        "  attach-cli probes 4711",
        "  attach-cli probes 4711 --format json | jq '.probes[]|select(.cpuShare>0.001)'"})
final class ProbesVerb extends JvmVerb {

    ProbesVerb(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        TargetProcess process = process();
        String answer = askWhenReady(process, Request.probeCosts());
        print(answer, () -> ProbesText.of(title(process), Documents.read(answer, ProbesDocument.class)));
        return 0;
    }
}
