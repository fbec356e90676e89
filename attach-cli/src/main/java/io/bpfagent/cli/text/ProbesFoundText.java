package io.bpfagent.cli.text;

import io.bpfagent.cli.control.ProbesFoundDocument;
import java.util.ArrayList;
import java.util.List;

/** The text of {@code probe PID search}: one line for each probe, so that it can be copied whole. */
public final class ProbesFoundText {

    private ProbesFoundText() {
    }

    public static String of(Title title, String pattern, ProbesFoundDocument document) {
        StringBuilder text = new StringBuilder(title.jvm()).append(", probes that match ")
            .append(SafeText.of(pattern)).append(": ").append(document.found()).append("\n\n");
        text.append("ARGS  PROBE\n");
        for (ProbesFoundDocument.Entry probe : document.probes()) {
            String arguments = probe.arguments() == null ? "?" : probe.arguments().toString();
            text.append(Layout.right(arguments, 4)).append("  ").append(SafeText.of(probe.probe()));
            List<String> notes = notes(probe);
            text.append(notes.isEmpty() ? "" : "  (" + String.join(", ", notes) + ")").append('\n');
        }
        int more = document.found() - document.probes().size();
        if (more > 0) {
            text.append('\n').append(Layout.wrap("", more
                + " more: --limit N shows them, a longer pattern leaves them out."));
        }
        for (String remark : document.remarks()) {
            text.append('\n').append(Layout.wrap("", remark));
        }
        return text.toString();
    }

    private static List<String> notes(ProbesFoundDocument.Entry probe) {
        List<String> notes = new ArrayList<>();
        if (probe.places() > 1) {
            notes.add(probe.places() + " places");
        }
        if (probe.singleStepped()) {
            notes.add("single-stepped");
        }
        if (probe.flag() != null) {
            notes.add("needs -XX:+" + SafeText.of(probe.flag()));
        }
        return notes;
    }
}
