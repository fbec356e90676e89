package io.bpfagent.cli;

import io.bpfagent.cli.control.EventsDocument;
import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.text.EventsText;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code events}: single waits and calls that were slow. */
@Command(name = "events", header = "Shows the last single waits and calls that were slow, and why.",
    description = {
        "Slow events: those that took as long as the agent's argument slow says, or longer; newest last. For each:"
            + " when it was over (local time), the metric, how long it took, and whose it was. Below it for what the"
            + " thread waited (a system call, a file, a peer, a disk, a futex), who woke it or, of runnable, who had"
            + " the CPU, and where in the code it was, if the agent asked for that in time."},
    footer = {
        "  attach-cli events 4711",
        "  attach-cli events 4711 --metric block_io --min 20ms",
        "  attach-cli events 4711 --pool 'http-nio-#-exec-#' --stacks",
        "  attach-cli events 4711 --follow --min 50ms",
        "  attach-cli events 4711 --last 1024 --format json | jq '.events[].on'"})
final class EventsVerb extends ListingVerb<EventsDocument> {

    @Option(names = "--last", paramLabel = "N", converter = LastConverter.OfEvents.class,
        description = "at most so many, 1 .. 1024 (default: 20; 10 with --follow, which takes 0 too)")
    private Integer last;

    @Option(names = "--metric", paramLabel = "METRIC",
        description = "only of this: runnable, blocked_disk, file_open ..., as 'hist' names them; block_io stands"
            + " for block_read and block_write")
    private String metric;

    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private Whose whose;

    @Option(names = "--stacks", description = "the whole stack of each that has one, not only where it was")
    private boolean stacks;

    EventsVerb(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        String pool = Whose.pool(whose);
        String thread = Whose.thread(whose);
        boolean selective = minNs() > 0 || metric != null || whose != null;
        String filter = (metric == null ? "" : " of " + metric) + (pool == null ? "" : " of pool " + pool)
            + (thread == null ? "" : " of thread " + thread);
        return list(last, EventsDocument.KEPT, new EventsText(environment().clock(), filter, minNs(), stacks),
            new Follower.Subject<>(EventsDocument.class, CliError.NO_EVENTS, selective,
                (most, after) -> Request.events(most, minNs(), after, metric, pool, thread)));
    }
}
