package io.bpfagent.cli.top;

import io.bpfagent.cli.control.EventsDocument;
import io.bpfagent.cli.control.PausesDocument;
import io.bpfagent.cli.control.StatusDocument;
import io.bpfagent.cli.control.ThreadsDocument;
import io.bpfagent.cli.text.EventsText;
import io.bpfagent.cli.text.Quantity;
import java.time.Instant;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The lines above the table: what concerns the whole JVM, and the agent itself. */
final class TopHead {

    private static final int LABEL_WIDTH = 8;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    /** Of a list of shares: what is less is left out. */
    private static final double WORTH = 0.01;
    private static final Map<String, String> BEHIND = new LinkedHashMap<>();

    static {
        BEHIND.put("own", "own threads");
        BEHIND.put("cgroup", "same cgroup");
        BEHIND.put("process", "other processes");
        BEHIND.put("kernel", "kernel");
        BEHIND.put("throttled", "CPU quota");
        BEHIND.put("idle", "waking up");
    }

    private final TopData data;

    TopHead(TopData data) {
        this.data = data;
    }

    /** The JVM on the left, the time that the numbers are of on the right; as much of it as fits. */
    Line title(int width, boolean paused) {
        ThreadsDocument threads = data.threads();
        String right = (paused ? "PAUSED  " : "") + "last " + Quantity.duration(threads.wallNs()) + "  "
            + time(data.atMs());
        String jvm = data.title().jvm();
        String threadCount = "  " + Quantity.counted(threads.threads().size(), "thread");
        int room = Math.max(0, width - Cells.width(right) - 2);
        String left = "";
        for (String more : new String[] {"JVM " + data.title().pid(), jvm, jvm + threadCount,
            jvm + threadCount + " in " + Quantity.counted(threads.pools().size(), "pool")}) {
            left = Cells.width(more) <= room ? more : left;
        }
        Line line = new Line().add(left, Style.TITLE)
            .add(" ".repeat(Math.max(1, width - Cells.width(left) - Cells.width(right))));
        return line.add(right, paused ? Style.WARN : Style.PLAIN);
    }

    /** At most so many, what matters most first. */
    List<Line> lines(int width, int most) {
        List<Line> lines = new ArrayList<>();
        lines.add(cpu());
        Line losses = losses();
        boolean lost = data.threads().losses().values().stream().anyMatch(count -> count != null && count != 0);
        if (lost) {
            lines.add(losses);
        }
        lines.add(pauses());
        lines.add(events());
        if (!lost) {
            lines.add(losses);
        }
        lines.add(agent(width));
        String note = data.status() == null || data.status().cost() == null ? null : data.status().cost().note();
        if (note != null) {
            lines.add(label("").add(note, Style.WARN));
        }
        return lines.subList(0, Math.max(0, Math.min(most, lines.size())));
    }

    private Line cpu() {
        Map<String, Long> timesNs = new TreeMap<>();
        Map<String, Long> waitedNs = new TreeMap<>();
        for (ThreadsDocument.Pool pool : data.threads().pools()) {
            pool.timesNs().forEach((state, ns) -> timesNs.merge(state, ns, Long::sum));
            pool.waitedNs().forEach((who, ns) -> waitedNs.merge(who, ns, Long::sum));
        }
        double wallNs = Math.max(1, data.threads().wallNs());
        String behind = behind(waitedNs);
        return label("CPU").add(threads(ThreadState.RUNNING.ns(timesNs) / wallNs) + " running", Style.RUNNING)
            .add(", ")
            .add(threads(ThreadState.RUNNABLE.ns(timesNs) / wallNs) + " waiting", Style.RUNNABLE)
            .add(behind.isEmpty() ? " for a CPU" : " behind " + behind);
    }

    /** {@code own threads 92%, kernel 8%}: who had the CPU, of those waits of which that is known; or empty. */
    static String behind(Map<String, Long> waitedNs) {
        double known = waitedNs.values().stream().mapToLong(Long::longValue).sum();
        List<String> shares = new ArrayList<>();
        waitedNs.entrySet().stream().filter(who -> who.getValue() > 0 && who.getValue() >= known * WORTH)
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
            .forEach(who -> shares.add(BEHIND.getOrDefault(who.getKey(), who.getKey()) + " "
                + Quantity.roughShare(who.getValue(), known)));
        return String.join(", ", shares);
    }

    private Line pauses() {
        Line line = label("pauses");
        List<PausesDocument.Entry> lately = data.pauses().lately(data.atMs());
        if (lately.isEmpty()) {
            return line.add(data.pauseReason() != null ? "none can be seen: " + data.pauseReason()
                : "none in the last 60 s");
        }
        long windowMs = data.pauses().latelyMs(data.atMs());
        long sumNs = lately.stream().mapToLong(PausesDocument.Entry::totalNs).sum();
        PausesDocument.Entry longest = Recent.greatest(lately, PausesDocument.Entry::totalNs);
        return line.add(lately.size() + " in the last " + window(windowMs) + ", "
            + Quantity.share(sumNs, windowMs * 1e6) + " of it; longest ")
            .add(Quantity.duration(longest.totalNs()), Style.WARN)
            .add(" " + time(longest.atMs()) + " " + Cells.shorten(longest.operation(), 30));
    }

    private Line events() {
        Line line = label("slow");
        List<EventsDocument.Entry> lately = data.events().lately(data.atMs());
        if (lately.isEmpty()) {
            return line.add(data.eventReason() != null ? "no events: " + data.eventReason()
                : "no events in the last 60 s");
        }
        EventsDocument.Entry longest = Recent.greatest(lately, EventsDocument.Entry::durationNs);
        return line.add(lately.size() + (lately.size() == 1 ? " event" : " events") + " in the last "
            + window(data.events().latelyMs(data.atMs())) + "; longest ")
            .add(Quantity.duration(longest.durationNs()), Style.WARN)
            .add(" " + longest.metric() + " " + Cells.shorten(EventsText.name(longest.thread()), 30));
    }

    /** All that was lost since the agent began; what grew in the interval first, and with how much. */
    private Line losses() {
        Line line = label("losses");
        Map<String, Long> losses = new TreeMap<>(data.threads().losses());
        losses.values().removeIf(count -> count == null || count == 0);
        if (losses.isEmpty()) {
            return line.add(data.threads().losses().isEmpty() ? "not reported" : "none");
        }
        List<String> grown = new ArrayList<>();
        List<String> old = new ArrayList<>();
        losses.forEach((key, count) -> {
            long more = data.earlierLosses().isEmpty() ? 0
                : count - Objects.requireNonNullElse(data.earlierLosses().get(key), 0L);
            if (more > 0) {
                grown.add(key + " " + Quantity.exact(count) + " (+" + Quantity.exact(more) + ")");
            } else {
                old.add(key + " " + Quantity.exact(count));
            }
        });
        return line.add(String.join(", ", grown), Style.WARN).add(grown.isEmpty() || old.isEmpty() ? "" : ", ")
            .add(String.join(", ", old));
    }

    /**
     * Its share of the JVM's CPU time and of what parts it consists, the memory of its maps, what it allocates; so
     * terse that 80 cells are enough.
     */
    private Line agent(int width) {
        StatusDocument status = data.status();
        Line line = label("agent");
        if (status == null) {
            return line.add("state not known yet");
        }
        StatusDocument.Cost cost = status.cost();
        String memory = status.kernelMemoryBytes() == null ? "" : "; " + Quantity.bytes(status.kernelMemoryBytes());
        if (cost == null) {
            return line.add("cost not known yet" + memory);
        }
        // Of the same whole as the share, which is more than the JVM's time where programs run for other processes.
        double ns = Math.max(1, cost.threadCpuNs() + cost.programNs());
        line.add(Quantity.share(cost.share(), 1) + " of JVM CPU: threads "
            + Quantity.share(cost.share() * cost.threadCpuNs() / ns, 1) + ", programs "
            + Quantity.share(cost.share() * cost.programNs() / ns, 1) + memory);
        if (cost.allocatedBytesPerSecond() != null) {
            line.add((memory.isEmpty() ? "; " : ", ") + Quantity.bytes(cost.allocatedBytesPerSecond()) + "/s heap");
        }
        String limit = cost.maxShare() == null ? "" : "; max-cost " + Quantity.share(cost.maxShare(), 1);
        return line.add(line.width() + limit.length() <= width ? limit : "");
    }

    private String time(long ms) {
        return TIME.format(LocalTime.ofInstant(Instant.ofEpochMilli(ms), data.zone()));
    }

    private static Line label(String label) {
        return Line.of(Cells.left(label, LABEL_WIDTH), Style.DIM);
    }

    /** So many threads at a time, in the mean. */
    private static String threads(double count) {
        return String.format(Locale.ROOT, "%.2f", count);
    }

    private static String window(long ms) {
        return Math.max(1, Math.round(ms / 1000.0)) + " s";
    }
}
