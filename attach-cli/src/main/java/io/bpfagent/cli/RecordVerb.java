package io.bpfagent.cli;

import io.bpfagent.cli.control.ControlClient;
import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import io.bpfagent.cli.interval.AgentAnswers;
import io.bpfagent.cli.interval.AgentWatch;
import io.bpfagent.cli.jvm.TargetProcess;
import io.bpfagent.cli.record.RecordedMachine;
import io.bpfagent.cli.record.Recorder;
import io.bpfagent.cli.text.Layout;
import io.bpfagent.cli.text.Quantity;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code record}: keeps what happens in a file. */
@Command(name = "record", header = "Records what happens, interval by interval, to a file.",
    description = {
        "FILE.json gets one JSON document per line: the times of threads, pools and contexts, histograms, pauses, slow"
            + " events, disks, connections and losses (docs/json.md). FILE.hlog gets the histograms in HdrHistogram's"
            + " log format, each with a tag METRIC, METRIC/POOL or METRIC.OPERATION. FILE.html becomes a page with"
            + " charts at the end (docs/report.md); until then the recording is in FILE.html.json.",
        "Ctrl-C ends it and keeps what there is, and so does the end of the JVM."},
    footer = {
        "  attach-cli record 4711 --duration 60s -o incident.json",
        "  attach-cli record 4711 --interval 10s -o night.json      until Ctrl-C",
        "  attach-cli record 4711 --duration 5m -o latencies.hlog",
        "  attach-cli record 4711 --duration 60s -o report.html     a page with charts"})
final class RecordVerb extends JvmVerb {

    /** What a sweep takes, with a host that is starved; its line is whole or not there. */
    private static final long ENDING_S = 5;
    /** And what the page of a night takes; where it is not enough, the recording stays. */
    private static final long PAGE_S = 60;

    private static final String MAKES = "makes the page ...";

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", required = true,
        description = "where to: a name that ends in .json, .hlog or .html")
    private Path file;

    @Option(names = "--duration", paramLabel = "DURATION", converter = DurationConverter.OfDuration.class,
        description = "for so long, from the agent's next snapshot on (default: until Ctrl-C)")
    private Long durationNs;

    @Option(names = "--interval", paramLabel = "DURATION", defaultValue = "1s",
        converter = DurationConverter.OfInterval.class,
        description = "from one snapshot in the file to the next (default: 1s); never less than the agent's own"
        + " interval")
    private long intervalNs;

    @Option(names = "--force", description = "overwrite the file if it is there")
    private boolean force;

    private int progressWidth;

    RecordVerb(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        String name = file.toString();
        boolean page = name.endsWith(".html");
        if (!page && !name.endsWith(".json") && !name.endsWith(".hlog")) {
            throw new ParameterException(spec().commandLine(), "-o must end in .json, .hlog or .html, -o=" + name);
        }
        // Whether there can be one is known before the time has passed.
        RecordedPage after = page ? new RecordedPage(file, force) : null;
        TargetProcess process = process();
        askWhenReady(process, Request.disks(false));
        AgentAnswers agent = request ->
            ask(new ControlClient(process, environment().answerTimeoutMs()), process, request);
        Recorder recorder = new Recorder(new Recorder.Task(pid(), process.name(),
            page ? after.recording() : file, intervalNs, durationNs == null ? 0 : durationNs, force,
            !name.endsWith(".hlog"), RecordedMachine.here(process.jdk().orElse(null))), agent, new AgentWatch(process),
            environment().clock(), this::progress, this::tellAbove);
        CountDownLatch finished = new CountDownLatch(1);
        Thread hook = new Thread(() -> {
            recorder.stop();
            await(finished, page ? PAGE_S : ENDING_S);
        }, "record-ends");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            String reason = recorder.record();
            long bytes = page ? page(after) : recorder.progress().bytes();
            clearProgress();
            print(summary(recorder.progress(), bytes, reason), () -> text(recorder.progress(), bytes));
            return 0;
        } catch (CliException failed) {
            if (page && failed.error() != CliError.RECORD_WRITE && recorder.progress().intervals() > 0) {
                page(after);
            }
            clearProgress();
            throw page ? ofPage(failed, recorder.progress()) : failed;
        } finally {
            finished.countDown();
            remove(hook);
        }
    }

    /** What the recorder tells of its own file is so of the page. */
    private CliException ofPage(CliException failed, Recorder.Progress progress) {
        return failed.error() != CliError.JVM_ENDED || progress.intervals() == 0 ? failed
            : CliError.JVM_ENDED.because(" (" + pid() + "): " + file + " has the " + progress.intervals()
                + " intervals until then.", failed);
    }

    private long page(RecordedPage after) {
        if (environment().terminal()) {
            write("\r" + " ".repeat(progressWidth) + "\r" + MAKES);
            progressWidth = MAKES.length();
        }
        return after.make();
    }

    private String summary(Recorder.Progress progress, long bytes, String reason) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("schema", Documents.SCHEMA);
        summary.put("file", file.toString());
        summary.put("bytes", bytes);
        summary.put("intervals", progress.intervals());
        summary.put("wallNs", progress.wallNs());
        summary.put("reason", reason);
        return Documents.write(summary);
    }

    private String text(Recorder.Progress progress, long bytes) {
        return Layout.wrap("", "recorded " + counted(progress.intervals(), "interval") + " ("
            + Quantity.duration(progress.wallNs()) + "), " + done(progress, bytes) + " to " + file)
            + (progress.intervals() > 0 ? ""
            : Layout.wrap("note: ", "no snapshot came in that time; the agent's own interval: attach-cli status "
                + pid()));
    }

    private static String done(Recorder.Progress progress, long bytes) {
        return counted(progress.pauses(), "pause") + ", " + counted(progress.events(), "slow event")
            + (progress.missing() == 0 ? "" : " (" + Quantity.exact(progress.missing()) + " more came that the agent"
                + " had no room for)") + ", " + Quantity.bytes(bytes);
    }

    private static String counted(long count, String thing) {
        return Quantity.exact(count) + " " + thing + (count == 1 ? "" : "s");
    }

    /** One line that is written over and over, where somebody sees it. */
    private void progress(Recorder.Progress progress) {
        if (!environment().terminal()) {
            return;
        }
        String of = durationNs == null ? "" : " of " + Quantity.duration(durationNs);
        String line = "recorded " + Quantity.duration(progress.wallNs()) + of + ": " + done(progress, progress.bytes())
            + " (Ctrl-C ends)";
        String cut = line.length() < Layout.WIDTH ? line : line.substring(0, Layout.WIDTH - 1);
        write("\r" + cut + " ".repeat(Math.max(0, progressWidth - cut.length())));
        progressWidth = cut.length();
    }

    private void clearProgress() {
        if (progressWidth > 0) {
            write("\r" + " ".repeat(progressWidth) + "\r");
            progressWidth = 0;
        }
    }

    private void tellAbove(String line) {
        clearProgress();
        tell(line);
    }

    private void write(String text) {
        PrintWriter err = spec().commandLine().getErr();
        err.print(text);
        err.flush();
    }

    private static void await(CountDownLatch finished, long seconds) {
        try {
            finished.await(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    private static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // It runs already.
        }
    }
}
