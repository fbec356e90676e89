package io.bpfagent.cli;

import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.control.Listing;
import io.bpfagent.cli.jvm.TargetProcess;
import io.bpfagent.cli.text.ListingText;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * A verb that lists the latest of what comes one by one, and can follow it.
 *
 * @param <D> the document that lists it
 */
abstract class ListingVerb<D extends Listing<?>> extends JvmVerb {

    private static final int LAST = 20;

    @Option(names = "--min", paramLabel = "DURATION", defaultValue = "0ms", converter = MinConverter.class,
        description = "only those that took as long or longer: 500us, 10ms, 1.5s")
    private long minNs;

    @Option(names = "--follow", description = "go on with each new one until Ctrl-C; ends with the agent or the JVM")
    private boolean follow;

    ListingVerb(Environment environment) {
        super(environment);
    }

    final long minNs() {
        return minNs;
    }

    /**
     * Lists them, or follows.
     *
     * @param last how many; null for 20, or ten where it goes on
     * @param kept how many an agent keeps
     */
    final int list(Integer last, int kept, ListingText<?, D> text, Follower.Subject<D> subject) {
        if (last != null && last == 0 && !follow) {
            throw new ParameterException(spec().commandLine(), LastConverter.rule(kept, "0"));
        }
        TargetProcess process = process();
        if (follow) {
            return new Follower<>(this, process, text, subject).follow(last);
        }
        String answer = askWhenReady(process, subject.asking().request(last == null ? LAST : last, 0));
        print(answer, () -> text.report(title(process), Documents.read(answer, subject.type())));
        return 0;
    }
}
