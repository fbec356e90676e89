package io.bpfagent.cli.manual;

/** Text in the language of {@code man(7)}, as groff and mandoc understand it. */
final class Roff {

    private final StringBuilder text = new StringBuilder();

    /** For those who read the source. */
    Roff remark(String words) {
        text.append(".\\\" ").append(words).append('\n');
        return this;
    }

    /** A line that is a request or macro: its arguments are quoted. */
    Roff macro(String name, String... arguments) {
        text.append('.').append(name);
        for (String argument : arguments) {
            text.append(" \"").append(escaped(argument).replace("\"", "\\(dq")).append('"');
        }
        text.append('\n');
        return this;
    }

    /** Running text: it is filled, and broken where the terminal's line ends. */
    Roff paragraph(String words) {
        for (String line : words.strip().split("\\R")) {
            text.append(guarded(escaped(line.strip()))).append('\n');
        }
        return this;
    }

    /** Lines that stay as they are. */
    Roff verbatim(Iterable<String> lines) {
        macro("nf");
        for (String line : lines) {
            text.append(guarded(escaped(line.stripTrailing()))).append('\n');
        }
        return macro("fi");
    }

    /** A line of markup made with {@link #bold} and {@link #italic}. */
    Roff marked(String line) {
        text.append(guarded(line)).append('\n');
        return this;
    }

    static String bold(String word) {
        return "\\fB" + escaped(word) + "\\fR";
    }

    static String italic(String word) {
        return "\\fI" + escaped(word) + "\\fR";
    }

    /** A minus must be one that can be copied to a command line, and so must quotes and the like. */
    static String escaped(String words) {
        return words.replace("\\", "\\(rs").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
            .replace("^", "\\(ha").replace("~", "\\(ti");
    }

    /** A dot at the beginning of a line would make it a request. */
    private static String guarded(String line) {
        return line.startsWith(".") ? "\\&" + line : line;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
