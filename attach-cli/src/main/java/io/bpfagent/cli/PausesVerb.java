package io.bpfagent.cli;

import io.bpfagent.cli.control.PausesDocument;
import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.text.PausesText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pauses}: each safepoint, and where it went. */
@Command(name = "pauses", header = "Shows the last pauses (safepoints), newest last, and where each went.",
    description = {
        "For each: when it began (local time), the VM operation, how long it took, and how long of that"
            + " it took until all threads had stopped. Below it where it went, the biggest part first:",
        "  no CPU    neither the VM thread nor a GC worker had one; who had it instead",
        "  working   at least one of them was on a CPU",
        "  reaching  waiting for threads to stop; who was late, and what it did",
        "  the VM thread waited ...   by what it was blocked",
        "GC workers that waited for a CPU are parallelism lost; own threads are those of the same JVM."},
    footer = {
        "  attach-cli pauses 4711",
        "  attach-cli pauses 4711 --min 10ms --detail",
        "  attach-cli pauses 4711 --follow --min 50ms",
        "  attach-cli pauses 4711 --last 256 --format json | jq '.pauses[].partsNs'"})
final class PausesVerb extends ListingVerb<PausesDocument> {

    @Option(names = "--last", paramLabel = "N", converter = LastConverter.OfPauses.class,
        description = "at most so many, 1 .. 256 (default: 20; 10 with --follow, which takes 0 too)")
    private Integer last;

    @Option(names = "--detail", description = "the threads of each pause too, with who had the CPU instead")
    private boolean detail;

    PausesVerb(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        return list(last, PausesDocument.KEPT, new PausesText(environment().clock(), minNs(), detail),
            new Follower.Subject<>(PausesDocument.class, CliError.NO_PAUSES, minNs() > 0,
                (most, after) -> Request.pauses(most, minNs(), after)));
    }
}
