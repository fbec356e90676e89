package io.bpfagent.cli.top;

import io.bpfagent.cli.errors.CliException;
import io.bpfagent.cli.interval.AgentAnswers;
import io.bpfagent.cli.interval.AgentWatch;
import io.bpfagent.cli.jvm.Sleep;
import io.bpfagent.cli.text.Title;
import java.time.Clock;
import java.util.function.Consumer;

/** Asks at the pace of the frames, for as long as somebody answers. One thread. */
public final class TopSource {

    /** When no new snapshot was there yet: where two clocks of one second beat against each other, one gives way. */
    private static final long AGAIN_MS = 100;

    private final TopFeed feed;
    private final AgentWatch watch;
    private final long intervalMs;

    /** @param intervalMs from one frame to the next */
    public TopSource(AgentAnswers agent, AgentWatch watch, Title title, Clock clock, long intervalMs) {
        this.feed = new TopFeed(agent, title, clock);
        this.watch = watch;
        this.intervalMs = intervalMs;
    }

    /** Whether somebody looks at contexts: only then are they asked for. Any thread. */
    void wantContexts(boolean want) {
        feed.wantContexts(want);
    }

    /** One frame's data, of the agent's last interval. */
    TopData once() {
        return feed.first();
    }

    /**
     * Tells what there is to show until there will be nothing more.
     *
     * @param silent told why there is nothing new
     * @throws CliException when the agent or the JVM is gone
     */
    void run(Consumer<TopData> told, Consumer<String> silent) {
        told.accept(feed.first());
        long pauseMs = 0;
        long againMs = AGAIN_MS;
        while (true) {
            Sleep.ms(pauseMs);
            pauseMs = intervalMs;
            try {
                TopData data = feed.next();
                watch.answered();
                if (data == null) {
                    // Less and less often: the agent's own interval may be much longer than ours.
                    pauseMs = Math.min(intervalMs, againMs);
                    againMs *= 2;
                } else {
                    againMs = AGAIN_MS;
                    told.accept(data);
                }
            } catch (CliException none) {
                String notice = watch.explain(none);
                if (!notice.isEmpty()) {
                    silent.accept(notice);
                }
            }
        }
    }
}
