package io.bpfagent.cli.record;

import io.bpfagent.cli.control.Request;
import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import io.bpfagent.cli.interval.AgentAnswers;
import io.bpfagent.cli.interval.AgentWatch;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Records until the time is over, somebody ends it, or the JVM does. One thread records; {@link #stop} may be called on
 * any other.
 */
public final class Recorder {

    /** From one look for a new snapshot to the next; where none comes, less and less often. */
    private static final long LOOK_MS = 20;
    private static final long MOST_LOOK_MS = 1_000;
    /** A snapshot comes some milliseconds after it was taken. */
    private static final long AFTER_MS = 5;
    /** In place of a snapshot. */
    private static final long INTERRUPTED = -1;
    private static final long SILENT = -2;

    /**
     * What is recorded.
     *
     * @param name main class or jar
     * @param intervalNs from one sweep to the next
     * @param durationNs 0 for until it is stopped
     * @param force whether the file may be there already
     * @param json whether it is JSON, and not HdrHistogram's log
     * @param machine on what it runs
     */
    public record Task(int pid, String name, Path file, long intervalNs, long durationNs, boolean force,
        boolean json, RecordedMachine machine) {
    }

    /**
     * How far it has come.
     *
     * @param wallNs what the intervals cover
     */
    public record Progress(long intervals, long wallNs, long pauses, long events, long missing, long bytes) {
    }

    private final Task task;
    private final AgentAnswers agent;
    private final AgentWatch watch;
    private final Clock clock;
    private final Consumer<Progress> progressing;
    private final Consumer<String> telling;
    private final SnapshotPace pace;
    private final CountDownLatch stopped = new CountDownLatch(1);
    /** When the time began, on this process' own clock. */
    private long beganNs;
    private String told = "";
    private Progress progress = new Progress(0, 0, 0, 0, 0, 0);

    /**
     * @param progressing told after each interval
     * @param telling told what is odd, a line each
     */
    public Recorder(Task task, AgentAnswers agent, AgentWatch watch, Clock clock, Consumer<Progress> progressing,
        Consumer<String> telling) {
        this.task = task;
        this.agent = agent;
        this.watch = watch;
        this.clock = clock;
        this.progressing = progressing;
        this.telling = telling;
        this.pace = new SnapshotPace(agent, clock, System::nanoTime);
    }

    /** Ends it after the interval that is being written. */
    public void stop() {
        stopped.countDown();
    }

    /** How far it has come. */
    public Progress progress() {
        return progress;
    }

    /**
     * Records.
     *
     * @return why it ended: {@code duration} or {@code interrupted}
     * @throws CliException when the JVM or the agent is gone, or the file cannot be written; it has then all until
     *     there
     */
    public String record() {
        RecordForm form = task.json() ? new JsonRecord() : new HlogRecord();
        // A status is dear to answer, and HdrHistogram's log has no place for it.
        String status = task.json() ? agent.ask(Request.of("status")) : null;
        long beganMs = clock.millis();
        Sweep sweep = new Sweep(agent, task.json());
        try (RecordFile file = RecordFile.create(task.file(), task.force())) {
            file.write(form.begin(new RecordedJvm(task.pid(), task.name(), beganMs, task.intervalNs(),
                task.machine(), status)));
            String reason;
            try {
                reason = intervals(sweep, file, form);
            } catch (CliException gone) {
                if (gone.error() == CliError.RECORD_WRITE) {
                    throw gone;
                }
                boolean ended = gone.error() == CliError.JVM_ENDED;
                end(sweep, file, form, ended ? "jvm_ended" : "agent_gone");
                throw !ended ? gone : CliError.JVM_ENDED.because(" (" + task.pid() + "): " + task.file() + " has the "
                    + progress.intervals() + " intervals until then.", gone);
            }
            end(sweep, file, form, reason);
            return reason;
        }
    }

    private void end(Sweep sweep, RecordFile file, RecordForm form, String reason) {
        file.write(form.end(clock.millis(), reason, progress.intervals(),
            progress.intervals() == 0 ? Map.of() : sweep.losses()));
        progress = new Progress(progress.intervals(), progress.wallNs(), progress.pauses(), progress.events(),
            progress.missing(), file.size());
    }

    private String intervals(Sweep sweep, RecordFile file, RecordForm form) {
        beganNs = System.nanoTime();
        // Right behind a snapshot, so that a sweep sees one only, and when it was taken is known well.
        long latestNs = pace.look();
        latestNs = await(latestNs + 1, Long.MAX_VALUE);
        if (latestNs < 0) {
            return latestNs == SILENT ? "duration" : "interrupted";
        }
        beganNs = System.nanoTime();
        sweep.begin();
        long beginNs = sweep.wallNs();
        long fromMs = -1;
        long endNs = task.durationNs() == 0 ? Long.MAX_VALUE : beginNs + task.durationNs();
        while (endNs == Long.MAX_VALUE || endNs - sweep.wallNs() > task.intervalNs() / 2) {
            // A tenth less: snapshots come some microseconds early or late.
            latestNs = await(sweep.wallNs() + task.intervalNs() - task.intervalNs() / 10, endNs);
            if (latestNs == INTERRUPTED) {
                return "interrupted";
            }
            if (latestNs == SILENT || latestNs == sweep.wallNs()) {
                break; // the time is over, and nobody answers or the agent's own interval is longer
            }
            // Known better by every look, and best known now: the first one may have been answered late.
            fromMs = fromMs < 0 ? pace.atMs(beginNs) : fromMs;
            RecordedInterval interval = sweep(sweep, fromMs);
            if (interval == null) {
                if (isOver()) {
                    break;
                }
                continue;
            }
            file.write(form.interval(interval));
            fromMs = interval.toMs();
            progress = new Progress(interval.number(), sweep.wallNs() - beginNs,
                progress.pauses() + interval.pauses().size(), progress.events() + interval.events().size(),
                progress.missing() + interval.missingPauses() + interval.missingEvents(), file.size());
            progressing.accept(progress);
        }
        return "duration";
    }

    /** Null where the agent did not answer to all of it, and is to be asked again. */
    private RecordedInterval sweep(Sweep sweep, long fromMs) {
        try {
            RecordedInterval interval = sweep.interval(fromMs, pace);
            answered();
            return interval;
        } catch (CliException none) {
            tell(none);
            return null;
        }
    }

    /**
     * Waits for a snapshot.
     *
     * @param wantedNs how long after the agent's beginning it must have been taken at least
     * @param endNs when not to wait any more, on the same clock
     * @return when the last one was taken; {@link #INTERRUPTED} when somebody has ended it; {@link #SILENT} when the
     *     time is over and nobody answers, as of a JVM that is stopped
     */
    private long await(long wantedNs, long endNs) {
        long pauseMs = Math.max(LOOK_MS, pace.untilMs(wantedNs) + AFTER_MS);
        long latestNs = -1;
        while (true) {
            if (isStopped(pauseMs)) {
                return INTERRUPTED;
            }
            try {
                latestNs = pace.look();
                answered();
            } catch (CliException none) {
                tell(none);
                if (isOver()) {
                    return SILENT;
                }
            }
            boolean over = endNs != Long.MAX_VALUE && pace.untilMs(endNs) * 1_000_000 < -task.intervalNs();
            if (latestNs >= wantedNs || latestNs >= 0 && over) {
                return latestNs;
            }
            long sinceMs = Math.max(0, -pace.untilMs(wantedNs));
            pauseMs = Math.max(LOOK_MS, Math.min(MOST_LOOK_MS, sinceMs / 10));
        }
    }

    /**
     * By the own clock, with an interval more for what comes late: the agent's says nothing while it does not answer.
     */
    private boolean isOver() {
        return task.durationNs() != 0 && System.nanoTime() - beganNs > task.durationNs() + task.intervalNs();
    }

    private boolean isStopped(long waitMs) {
        try {
            return stopped.await(waitMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void answered() {
        watch.answered();
        told = "";
    }

    private void tell(CliException none) {
        String notice = watch.explain(none);
        if (!notice.isEmpty() && !notice.equals(told)) {
            told = notice;
            telling.accept(notice);
        }
    }
}
