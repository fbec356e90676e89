package io.bpfagent.cli.text;

/** Fitting text into columns of a page that is 80 wide. */
public final class Layout {

    /** A terminal that nobody has widened. */
    public static final int WIDTH = 80;

    private Layout() {
    }

    /**
     * At most {@code width} characters; the middle of what is longer becomes "..", for the ends
     * tell threads apart: {@code http-nio-8..exec-7}. Control characters, which a thread's name may
     * hold, become '?'.
     */
    static String shorten(String name, int width) {
        String text = (name == null ? "?" : name).replaceAll("\\p{Cntrl}", "?");
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

    /** The text in lines of at most 80, the first after {@code head}, the others as far indented. */
    public static String wrap(String head, String text) {
        StringBuilder lines = new StringBuilder();
        StringBuilder line = new StringBuilder(head);
        boolean empty = true;
        for (String word : text.strip().split("\\s+")) {
            if (!empty && line.length() + 1 + word.length() > WIDTH) {
                lines.append(line).append('\n');
                line = new StringBuilder(" ".repeat(head.length()));
                empty = true;
            }
            line.append(empty ? "" : " ").append(word);
            empty = false;
        }
        return lines.append(line.toString().stripTrailing()).append('\n').toString();
    }
}
