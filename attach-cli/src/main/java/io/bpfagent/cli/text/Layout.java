package io.bpfagent.cli.text;

import java.util.List;

/** Fitting text into columns of a page that is 80 wide. */
public final class Layout {

    /** A terminal that nobody has widened. */
    public static final int WIDTH = 80;
    /** A blank at which no line is broken. */
    private static final char NO_BREAK = '\u00a0';

    private Layout() {
    }

    /**
     * At most {@code width} characters; the middle of what is longer becomes "..", for the ends
     * tell threads apart: {@code http-nio-8..exec-7}. Characters that steer a terminal, which a thread's or
     * a process's name may hold, become '?'.
     */
    static String shorten(String name, int width) {
        String text = SafeText.of(name == null ? "?" : name);
        if (text.length() <= width) {
            return text;
        }
        int tail = (width - 2) / 2;
        return text.substring(0, width - 2 - tail) + ".." + text.substring(text.length() - tail);
    }

    static String left(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    /** The text as one word, for {@link #wrap} and {@link #pack}. */
    static String together(String text) {
        return text.replace(' ', NO_BREAK);
    }

    /**
     * Clauses with semicolons between them, as many to a line as fit into 80; one that is longer than a
     * line is broken, with its rest two further in.
     *
     * @param head before the first line
     * @param indent before the others
     */
    static String pack(String head, String indent, List<String> clauses) {
        StringBuilder lines = new StringBuilder();
        String line = head;
        boolean empty = true;
        for (int i = 0; i < clauses.size(); i++) {
            String clause = SafeText.of(clauses.get(i)) + (i + 1 < clauses.size() ? ";" : "");
            if (!empty && line.length() + 1 + clause.length() > WIDTH) {
                lines.append(line).append('\n');
                line = indent;
                empty = true;
            }
            line += (empty ? "" : " ") + clause;
            empty = false;
            if (line.length() > WIDTH) {
                String[] broken = wrap(indent + "  ", line.strip()).split("\n");
                // The first of them begins further left, and so has room for the same words.
                for (int j = 0; j < broken.length - 1; j++) {
                    lines.append(j == 0 ? broken[j].substring(2) : broken[j]).append('\n');
                }
                line = broken[broken.length - 1];
            }
        }
        return lines.append(line).append('\n').toString().replace(NO_BREAK, ' ');
    }

    /** The text in lines of at most 80, the first after {@code head}, the others as far indented. */
    public static String wrap(String head, String text) {
        StringBuilder lines = new StringBuilder();
        StringBuilder line = new StringBuilder(head);
        boolean empty = true;
        for (String piece : text.strip().split("\\s+")) {
            String word = SafeText.of(piece); // text may be the agent's, that is the JVM's
            if (!empty && line.length() + 1 + word.length() > WIDTH) {
                lines.append(line).append('\n');
                line = new StringBuilder(" ".repeat(head.length()));
                empty = true;
            }
            line.append(empty ? "" : " ").append(word);
            empty = false;
        }
        return lines.append(line.toString().stripTrailing()).append('\n').toString().replace(NO_BREAK, ' ');
    }
}
