package io.bpfagent.cli.text;

import io.bpfagent.cli.control.StatusDocument;
import java.util.List;
import java.util.Locale;

/** The text of {@code status}. */
public final class StatusText {

    private static final int PROBE_WIDTH = 30;
    private static final int STATUS_WIDTH = 11;
    /** More probes than this that are not attached are not listed one by one. */
    private static final int MANY = 3;
    private static final int COUNTS_WIDTH = Layout.WIDTH - PROBE_WIDTH - 2 - STATUS_WIDTH - 2;

    private StatusText() {
    }

    public static String of(Title title, StatusDocument status) {
        StringBuilder text = new StringBuilder();
        text.append(Layout.wrap("", title.jvm() + ": agent " + status.version()
            + (status.state().equals("failed") ? " has " : " is ") + status.state()
            + (status.sinceNs() == null ? "" : ", began " + Quantity.duration(status.sinceNs()) + " ago")));
        if (status.error() != null) {
            text.append(Layout.wrap("error          ", status.error()));
        }
        if (status.arguments() != null && !status.arguments().isBlank()) {
            text.append(Layout.wrap("arguments      ", status.arguments().replace(",", ", ")));
        }
        if (status.kernelMemoryBytes() != null) {
            text.append("kernel memory  ").append(Quantity.bytes(status.kernelMemoryBytes()))
                .append(status.cost() == null ? "" : ", of which the JVM has mapped "
                    + Quantity.bytes(status.cost().mappedBytes())).append('\n');
        }
        if (status.cost() != null) {
            text.append(Layout.wrap("cost           ", bill(status.cost())));
            if (status.cost().note() != null) {
                text.append(Layout.wrap("max-cost       ", status.cost().note()));
            }
        }
        if (!status.probes().isEmpty()) {
            text.append(status.cost() == null ? Layout.wrap("cost           ", cost(status)) : "")
                .append('\n').append(probes(status.probes()));
        }
        return text.append('\n').append(LossesText.of(status.losses())).toString();
    }

    /** What whoever has just attached would miss without knowing; empty when all probes are attached. */
    public static String notAttached(StatusDocument status, long pid) {
        List<StatusDocument.Probe> missing = status.probes().stream()
            .filter(probe -> !probe.status().equals(StatusDocument.Probe.ATTACHED)).toList();
        if (missing.size() > MANY) {
            return Layout.wrap("note: ", missing.size() + " probes are not attached; which, and why:"
                + " attach-cli status " + pid);
        }
        StringBuilder text = new StringBuilder();
        for (StatusDocument.Probe probe : missing) {
            text.append(Layout.wrap("note: ", probe.name() + " is not attached: "
                + (probe.detail().isBlank() ? probe.status() : probe.detail())));
        }
        return text.toString();
    }

    /** What the agent took in the last second. */
    private static String bill(StatusDocument.Cost cost) {
        String programs = switch (String.valueOf(cost.programsKnownBy())) {
            case "kernel" -> "as the kernel measures them";
            case "calibration" -> "counted, a run measured here";
            default -> "counted, a run estimated";
        };
        return Quantity.share(cost.share(), 1) + " of the JVM's CPU time"
            + (cost.maxShare() == null ? "" : " (max-cost " + Quantity.share(cost.maxShare(), 1) + ")") + ", "
            + Quantity.share(cost.threadCpuNs() + cost.programNs(), cost.wallNs()) + " of a CPU, in the last "
            + Quantity.duration(cost.wallNs()) + ": its threads " + Quantity.duration(cost.threadCpuNs())
            + ", its programs " + Quantity.duration(cost.programNs()) + " (" + programs + "); "
            + (cost.allocatedBytesPerSecond() == null ? "allocation not known"
                : Quantity.bytes(cost.allocatedBytesPerSecond()) + " a second allocated in the heap")
            + ". One by one: attach-cli probes PID";
    }

    /** What the programs took, as far as the kernel measures it. */
    private static String cost(StatusDocument status) {
        double ns = status.probes().stream().mapToDouble(probe -> probe.runs() * probe.nsPerRun()).sum();
        long runs = status.probes().stream().mapToLong(StatusDocument.Probe::runs).sum();
        if (ns <= 0 || status.sinceNs() == null) {
            return "not measured (measure with: sysctl kernel.bpf_stats_enabled=1)";
        }
        return Quantity.share(ns, status.sinceNs()) + " of one CPU (" + Quantity.duration(ns) + " in "
            + Quantity.exact(runs) + " runs)";
    }

    private static String probes(List<StatusDocument.Probe> probes) {
        StringBuilder text = new StringBuilder(row("PROBE", "STATUS", "RUNS", "NS/RUN"));
        for (StatusDocument.Probe probe : probes) {
            // A screen of probes is easier to read than two, and most of them are counted with the one they share.
            if (probe.runs() == 0 && !probe.detail().isBlank() && probe.detail().length() <= COUNTS_WIDTH) {
                text.append(start(Layout.shorten(probe.name(), PROBE_WIDTH), probe.status()))
                    .append(Layout.shorten(probe.detail(), COUNTS_WIDTH)).append('\n');
                continue;
            }
            text.append(row(Layout.shorten(probe.name(), PROBE_WIDTH), probe.status(),
                probe.runs() == 0 ? "-" : Quantity.exact(probe.runs()),
                probe.nsPerRun() == 0 ? "-" : String.format(Locale.ROOT, "%.1f", probe.nsPerRun())));
            if (!probe.detail().isBlank()) {
                text.append(Layout.wrap("    ", probe.detail()));
            }
        }
        return text.toString();
    }

    private static String row(String name, String status, String runs, String nsPerRun) {
        return start(name, status) + Layout.right(runs, COUNTS_WIDTH - 11) + Layout.right(nsPerRun, 11) + "\n";
    }

    private static String start(String name, String status) {
        return Layout.left(name, PROBE_WIDTH) + "  " + Layout.left(status, STATUS_WIDTH) + "  ";
    }
}
