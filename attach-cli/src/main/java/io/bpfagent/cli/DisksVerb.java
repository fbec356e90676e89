package io.bpfagent.cli;

import io.bpfagent.cli.control.DisksDocument;
import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.jvm.TargetProcess;
import io.bpfagent.cli.text.DisksText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code disks}: what was sent to the block devices. */
@Command(name = "disks", header = "Shows what was sent to each disk, by whom, and how long it took.",
    description = "By the JVM's own threads, by the kernel (writeback, journals, flushes) and by other processes."
        + " What single threads and pools sent: attach-cli hist PID --pool POOL --metric block_read.",
    footer = {
        "  attach-cli disks 4711",
        "  attach-cli disks 4711 --interval",
        "  attach-cli disks 4711 --format json | jq '.disks[].uses'"})
final class DisksVerb extends JvmVerb {

    @Option(names = "--interval", description = "the last interval instead of all since the agent began")
    private boolean interval;

    DisksVerb(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        TargetProcess process = process();
        String answer = askWhenReady(process, Request.disks(interval));
        print(answer, () -> DisksText.of(title(process), Documents.read(answer, DisksDocument.class)));
        return 0;
    }
}
