package io.bpfagent.bench;

import io.bpfagent.it.FollowedPauses;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.PauseReport.PauseEntry;
import io.bpfagent.it.pauses.PauseMoment;
import io.bpfagent.it.pauses.SafepointLog;
import io.bpfagent.it.pauses.SafepointLog.Safepoint;
import io.bpfagent.workload.Scenes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Every pause beside the line that the JVM itself has logged of it. */
final class PauseRightness {
    private static final String WARM_UP = "pauses 1000";
    private static final double LIMIT_NS = 100_000;
    private static final double LIMIT = 0.05;

    private final Table table = new Table("", "pauses in the log", "missing", "more", "total: near", "99 % within, us",
            "worst, us", "time to safepoint: near", "99 % within, us", "worst, us");

    /** How far one number is from the log's, pause by pause. */
    private static final class Errors {
        private final Samples ns = new Samples();
        private int near;

        void add(long ours, long theirs) {
            double error = Math.abs(ours - theirs);
            ns.add(error / 1e3);
            near += error <= Math.max(LIMIT_NS, LIMIT * theirs) ? 1 : 0;
        }

        String share() {
            return Samples.number("%.1f %%", 100.0 * near / ns.count());
        }

        String text(double us) {
            return Samples.number("%.0f", us);
        }
    }

    PauseRightness measure(int windowMs) {
        for (Jdk jdk : Jdks.all()) {
            for (String collector : List.of("Serial", "Parallel", "G1", "Z", "Shenandoah")) {
                measure(jdk, collector, "pauses " + 2 * windowMs);
            }
        }
        return this;
    }

    private void measure(Jdk jdk, String collector, String scene) {
        Path file = SafepointLog.create();
        try (HostJvm host = HostJvm.of(jdk).jvm("-Xmx96m", "-XX:+Use" + collector + "GC",
                SafepointLog.flag(file, SafepointLog.TAGS)).main(Scenes.class).agent("interval=100ms").start()) {
            host.awaitLine("ready");
            host.await("on");
            host.send(WARM_UP);
            host.awaitLine("done " + WARM_UP, Duration.ofSeconds(30));
            PauseMoment first = PauseMoment.of(host, file);
            FollowedPauses followed = new FollowedPauses(host, first.pauses().seen());
            followed.play(scene);
            PauseMoment second = PauseMoment.of(host, file);
            long last = second.pauses().seen();
            compare(jdk + ", " + collector, second.log().since(first.log()).safepoints(), first.pauses().seen() + 1,
                    followed.all().stream().filter(pause -> pause.number() <= last).toList());
        } finally {
            SafepointLog.delete(file);
        }
    }

    /** @param number of the first pause that is to be there: they are counted as the log has them */
    private void compare(String name, List<Safepoint> safepoints, long number, List<PauseEntry> pauses) {
        Map<Long, PauseEntry> byNumber = new HashMap<>();
        pauses.forEach(pause -> byNumber.put(pause.number(), pause));
        Errors total = new Errors();
        Errors stopping = new Errors();
        for (int i = 0; i < safepoints.size(); i++) {
            PauseEntry pause = byNumber.get(number + i);
            if (pause != null && letters(pause.operation()).equals(letters(safepoints.get(i).operation()))) {
                total.add(pause.totalNs(), safepoints.get(i).totalNs());
                stopping.add(pause.timeToSafepointNs(), safepoints.get(i).stoppingNs());
            }
        }
        int found = total.ns.count();
        table.row(name, Integer.toString(safepoints.size()), Integer.toString(safepoints.size() - found),
                Integer.toString(pauses.size() - found), total.share(), total.text(total.ns.percentile(99)),
                total.text(total.ns.most()), stopping.share(), stopping.text(stopping.ns.percentile(99)),
                stopping.text(stopping.ns.most()));
    }

    /** Shenandoah's probes say "Shenandoah Init Marking" of what the log calls "ShenandoahInitMark". */
    private static String letters(String operation) {
        String letters = operation.replaceAll("[^A-Za-z]", "");
        return letters.substring(0, Math.min(15, letters.length()));
    }

    @Override
    public String toString() {
        return "Every pause beside the line of `-Xlog:safepoint` in the same run: garbage, full collections, dumps of\n"
                + "threads, a thread that is late at times. Near: within 5 % or 100 us. Target: none missing, none"
                + " more,\n"
                + "99 % near.\n\n" + table;
    }
}
