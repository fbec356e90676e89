package io.bpfagent.cli.text;

import io.bpfagent.cli.control.DoctorDocument;
import java.util.List;

/** The text of {@code doctor}: one line for each condition, more for those that are not as they must be. */
public final class DoctorText {

    private static final int VERDICT_WIDTH = 7;
    private static final int CONDITION_WIDTH = 25;
    private static final String INDENT = " ".repeat(VERDICT_WIDTH + 4);

    private DoctorText() {
    }

    public static String of(DoctorDocument document) {
        StringBuilder text = new StringBuilder();
        String about = "";
        for (DoctorDocument.Entry entry : document.conditions()) {
            if (!entry.about().equals(about)) {
                about = entry.about();
                text.append(text.isEmpty() ? "" : "\n").append(heading(about, document)).append('\n');
            }
            text.append(of(entry));
        }
        return text.append('\n').append(Layout.wrap("", conclusion(document))).toString();
    }

    private static String heading(String about, DoctorDocument document) {
        return switch (about) {
            case "machine" -> "This machine";
            case "caller" -> "You";
            default -> document.name() == null ? "Process " + document.pid()
                : new Title(document.pid(), document.name()).jvm();
        };
    }

    private static String of(DoctorDocument.Entry entry) {
        String start = "  " + Layout.left(entry.verdict(), VERDICT_WIDTH) + "  "
            + Layout.left(entry.condition(), CONDITION_WIDTH) + "  ";
        StringBuilder text = new StringBuilder();
        if (entry.remedy() == null && entry.heading() != null) {
            // A message, with its remedy in it.
            text.append(start.stripTrailing()).append('\n').append(Layout.wrap(INDENT, entry.value()));
        } else {
            text.append(Layout.wrap(start, entry.value()));
        }
        if (entry.remedy() != null) {
            text.append(Layout.wrap(INDENT, sentence(entry.remedy())));
        }
        if (entry.heading() != null) {
            text.append(Layout.wrap(INDENT, "See TROUBLESHOOTING.md, \"" + entry.heading() + "\"."));
        }
        return text.toString();
    }

    /** The page's words as a sentence of their own. */
    private static String sentence(String remedy) {
        if (remedy.startsWith("sudo")) {
            return remedy; // a command, and then what it does
        }
        boolean command = remedy.startsWith("attach-cli") || remedy.startsWith("kill");
        return (command ? "Run: " + remedy : Character.toUpperCase(remedy.charAt(0)) + remedy.substring(1))
            + (remedy.endsWith(".") ? "" : ".");
    }

    private static String conclusion(DoctorDocument document) {
        String to = document.pid() == null ? "" : " to " + document.pid();
        if (document.works() == null) {
            return "Whether attaching" + to + " will work cannot be told: "
                + count(document.conditions(), "unknown", " condition is", " conditions are") + " unknown.";
        }
        if (!document.works()) {
            return "Attaching" + to + " will not work: "
                + count(document.conditions(), "failed", " condition", " conditions") + " failed.";
        }
        return document.pid() == null ? "Nothing here prevents attaching. Look at a JVM with: attach-cli doctor PID"
            : "Attaching" + to + " will work. Next: attach-cli " + document.pid();
    }

    private static String count(List<DoctorDocument.Entry> conditions, String verdict, String one, String several) {
        long count = conditions.stream().filter(entry -> entry.verdict().equals(verdict)).count();
        return count + (count == 1 ? one : several);
    }
}
