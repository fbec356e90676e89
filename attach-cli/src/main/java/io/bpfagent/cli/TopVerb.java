package io.bpfagent.cli;

import io.bpfagent.cli.control.ControlClient;
import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.interval.AgentAnswers;
import io.bpfagent.cli.interval.AgentWatch;
import io.bpfagent.cli.jvm.TargetProcess;
import io.bpfagent.cli.text.Layout;
import io.bpfagent.cli.top.TopOrder;
import io.bpfagent.cli.top.TopSession;
import io.bpfagent.cli.top.TopSource;
import io.bpfagent.cli.top.TopView;
import io.bpfagent.cli.top.ViewState;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** {@code top}: a full screen that is drawn anew with every interval. */
@Command(name = "top", header = "Shows live where the time goes: pools, threads, pauses, events, contexts.",
    description = {
        "A full screen, of the last interval each time. Pools that lose most come first: by DELAY, that is"
            + " time runnable (waiting for a CPU), for a monitor, a disk, a page, memory or a safepoint. A bar shows"
            + " where the interval went, a character for each state (the line below the table explains them).",
        "Keys: 1 2 3 4 c pools, threads, pauses, events, contexts; s sort; / filter; arrows and Enter into a pool;"
        + " Space hold;"
            + " ? all keys; q quit."},
    footer = {
        "  attach-cli top 4711",
        "  attach-cli top 4711 --view threads --sort monitor --filter http-nio",
        "  attach-cli top 4711 --interval 5s",
        "  attach-cli top 4711 --once                 one frame as plain text, for scripts",
        "  NO_COLOR=1 attach-cli top 4711"})
final class TopVerb extends JvmVerb {

    /** The screen is to say soon that the JVM does not answer, and no snapshot takes that long. */
    private static final long ANSWER_MS = 3_000;

    /** Says the rule in our words. */
    static final class ViewConverter implements ITypeConverter<TopView> {
        @Override
        public TopView convert(String value) {
            return Stream.of(TopView.values()).filter(view -> view.name().equals(value)).findFirst().orElseThrow(() ->
                new TypeConversionException("--view must be pools, threads, pauses, events or contexts, --view="
                        + value));
        }
    }

    /** The same. */
    static final class OrderConverter implements ITypeConverter<TopOrder> {
        @Override
        public TopOrder convert(String value) {
            List<TopOrder> all = TopOrder.all();
            return all.stream().filter(order -> order.name().equals(value.replaceFirst("^blocked_", ""))).findFirst()
                .orElseThrow(() -> new TypeConversionException("--sort must be one of "
                    + String.join(", ", all.stream().map(TopOrder::name).toList()) + "; --sort=" + value));
        }
    }

    @Option(names = "--interval", paramLabel = "DURATION", defaultValue = "1s",
        converter = DurationConverter.OfInterval.class,
        description = "from one frame to the next (default: 1s); never less than the agent's own interval")
    private long intervalNs;

    @Option(names = "--once", description = "print one frame of the last interval, 80 wide (COLUMNS), and end")
    private boolean once;

    @Option(names = "--view", paramLabel = "VIEW", defaultValue = "pools", converter = ViewConverter.class,
        description = "begin with pools (default), threads, pauses, events or contexts")
    private TopView view;

    @Option(names = "--sort", paramLabel = "STATE", defaultValue = "delayed", converter = OrderConverter.class,
        description = "most time in this state first: running, runnable, monitor, ...; delayed (default), or name")
    private TopOrder order;

    @Option(names = "--filter", paramLabel = "TEXT", defaultValue = "",
        description = "only what has this in its name")
    private String filter;

    TopVerb(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        if (isJson()) {
            throw new ParameterException(spec().commandLine(),
                "--format must be text here; the same as JSON: attach-cli threads " + pid()
                    + " --interval --format json");
        }
        TargetProcess process = process();
        if (!once && !Terminals.isInteractive()) {
            throw CliError.NO_SCREEN.because(": standard input and output must be a terminal."
                + " For one frame as text: attach-cli top " + pid() + " --once");
        }
        // Now, so that what is wrong is told on a screen that has not been cleared.
        askWhenReady(process, Request.threads(true));
        long timeoutMs = Math.min(ANSWER_MS, environment().answerTimeoutMs());
        AgentAnswers agent = request -> ask(new ControlClient(process, timeoutMs), process, request);
        TopSource source = new TopSource(agent, new AgentWatch(process), title(process), environment().clock(),
            intervalNs / 1_000_000);
        TopSession session = new TopSession(source, ViewState.of(view, order, filter));
        if (once) {
            String frame = session.once(Terminals.columns(Layout.WIDTH));
            print(frame, () -> frame);
            return 0;
        }
        return session.run(System.getenv("NO_COLOR") == null || System.getenv("NO_COLOR").isEmpty());
    }
}
