package io.bpfagent.cli.text;

import io.bpfagent.cli.control.ProbesDocument;
import io.bpfagent.cli.control.ProbesDocument.Entry;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The text of {@code probes}: the dearest first, those that are off last. */
public final class ProbesText {

    private static final int NAME_WIDTH = 22;
    private static final int KIND_WIDTH = 11;

    private ProbesText() {
    }

    public static String of(Title title, ProbesDocument document) {
        double share = document.probes().stream().mapToDouble(Entry::cpuShare).sum();
        StringBuilder text = new StringBuilder(Layout.wrap("", title.jvm() + ": its programs in the kernel took "
            + Quantity.share(share, 1) + " of a CPU in the last " + Quantity.duration(document.wallNs()))).append('\n');
        text.append(row("PROBE", "KIND", "SITES", "", "HITS/S", "NS/HIT", "CPU"));
        List<Entry> sorted = document.probes().stream()
            .sorted(Comparator.comparing(Entry::on).reversed()
                .thenComparing(Comparator.comparingDouble(Entry::cpuShare).reversed())).toList();
        for (Entry probe : sorted) {
            text.append(row(Layout.shorten(probe.name(), NAME_WIDTH), Layout.shorten(probe.kind(), KIND_WIDTH),
                probe.sites() == 0 ? "-" : Integer.toString(probe.sites()),
                probe.on() ? probe.optional() ? "on" : "always" : "off",
                probe.on() ? Quantity.number(Math.rint(probe.hitsPerSecond())) : "-",
                (probe.knownBy().equals("estimate") ? "~" : "") + String.format(Locale.ROOT, "%.0f", probe.nsPerHit()),
                probe.on() ? Quantity.share(probe.cpuShare(), 1) : "-"));
            if (!probe.on() && probe.why() != null) {
                text.append(Layout.wrap("    ", probe.why()));
            } else if (!probe.metrics().isEmpty() && !probe.metrics().equals(List.of(probe.name()))) {
                text.append(Layout.wrap("    ", String.join(", ", probe.metrics())));
            }
        }
        if (document.probes().stream().anyMatch(probe -> probe.knownBy().equals("estimate"))) {
            text.append("\n~: estimated; the kernel has not measured it on this machine\n");
        }
        return text.append('\n').append(LossesText.of(document.losses())).toString();
    }

    private static String row(String name, String kind, String sites, String state, String rate, String ns,
        String cpu) {
        return (Layout.left(name, NAME_WIDTH) + "  " + Layout.left(kind, KIND_WIDTH) + Layout.right(sites, 5) + "  "
            + Layout.left(state, 6) + Layout.right(rate, 11) + Layout.right(ns, 9)
            + Layout.right(cpu, 8)).stripTrailing()
            + "\n";
    }
}
