package io.bpfagent.cli.manual;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page of one command, in section 1. */
public final class ManPage {

    /** What an example's line begins with in the help. */
    private static final String INDENT = "  ";

    private final CommandSpec command;
    private final String date;
    private final String version;

    /**
     * The page of this command.
     *
     * @param date of the release, 2026-01-31
     */
    public ManPage(CommandSpec command, String date, String version) {
        this.command = command;
        this.date = date;
        this.version = version;
    }

    /** {@code attach-cli-probe-add} */
    public static String name(CommandSpec command) {
        return command.qualifiedName("-");
    }

    /** The page, to be written into a file {@code NAME.1}. */
    public String text() {
        Roff page = new Roff();
        page.remark("Made by the build from the command line's own help.");
        page.macro("TH", name(command).toUpperCase(Locale.ROOT), "1", date, "bpf-agent " + version, "bpf-agent");
        page.macro("SH", "NAME").marked(Roff.escaped(name(command)) + " \\- " + Roff.escaped(purpose()));
        page.macro("SH", "SYNOPSIS");
        synopsis(page);
        page.macro("SH", "DESCRIPTION");
        description(page);
        arguments(page);
        verbs(page);
        examples(page);
        page.macro("SH", "EXIT STATUS");
        page.paragraph("0 done; 1 it failed (one line on standard error says why and what to do); 2 wrong usage;"
            + " 130 ended by Ctrl-C.");
        page.macro("SH", "ENVIRONMENT");
        page.macro("TP").marked(Roff.bold("JAVA_HOME"))
            .paragraph("The Java that runs this command, 17 or later; else that of"
            + " the PATH.");
        page.macro("TP").marked(Roff.bold("NO_COLOR"))
            .paragraph("When it is set, nothing is coloured. Nothing is either"
            + " where the output is no terminal.");
        seeAlso(page);
        return page.toString();
    }

    /** One line: the help's own first one, without the full stop. */
    private String purpose() {
        String[] header = command.usageMessage().header();
        String[] lines = header.length > 0 ? header : command.usageMessage().description();
        String first = lines.length == 0 ? "" : plain(lines[0]).strip();
        return (first.isEmpty() ? "a verb of attach-cli" : first).replaceFirst("\\.$", "");
    }

    private void synopsis(Roff page) {
        String[] custom = command.usageMessage().customSynopsis();
        if (custom.length > 0) {
            for (int i = 0; i < custom.length; i++) {
                if (i > 0) {
                    page.macro("br");
                }
                page.paragraph(plain(custom[i]));
            }
            return;
        }
        StringBuilder line = new StringBuilder(Roff.bold(command.qualifiedName()));
        for (PositionalParamSpec parameter : positionals()) {
            String label = Roff.italic(parameter.paramLabel());
            line.append(' ').append(parameter.required() ? label : "[" + label + "]");
        }
        line.append(" [").append(Roff.italic("options")).append(']');
        if (!command.subcommands().isEmpty()) {
            line.append(' ').append(Roff.italic("VERB"));
        }
        page.marked(line.toString());
    }

    private void description(Roff page) {
        String[] header = command.usageMessage().header();
        for (String line : header) {
            page.paragraph(plain(line));
        }
        List<String> table = new ArrayList<>();
        for (String line : command.usageMessage().description()) {
            String words = plain(line);
            if (words.startsWith(INDENT)) {
                table.add(words);
                continue;
            }
            flush(page, table);
            if (!words.isBlank()) {
                page.macro("PP").paragraph(words);
            }
        }
        flush(page, table);
    }

    /** Lines that are indented in the help are a table. */
    private static void flush(Roff page, List<String> table) {
        if (!table.isEmpty()) {
            page.macro("PP").verbatim(table);
            table.clear();
        }
    }

    private List<PositionalParamSpec> positionals() {
        return command.positionalParameters().stream().filter(parameter -> !parameter.hidden()).toList();
    }

    private void arguments(Roff page) {
        page.macro("SH", "OPTIONS");
        for (PositionalParamSpec parameter : positionals()) {
            page.macro("TP").marked(Roff.italic(parameter.paramLabel()));
            describe(page, parameter);
        }
        for (OptionSpec option : command.options()) {
            if (!option.hidden()) {
                StringBuilder names = new StringBuilder();
                for (String name : option.names()) {
                    names.append(names.length() == 0 ? "" : ", ").append(Roff.bold(name));
                }
                if (option.arity().max() > 0) {
                    names.append('=').append(Roff.italic(option.paramLabel()));
                }
                page.macro("TP").marked(names.toString());
                describe(page, option);
            }
        }
    }

    private static void describe(Roff page, ArgSpec argument) {
        StringBuilder words = new StringBuilder();
        for (String line : argument.description()) {
            words.append(words.length() == 0 ? "" : " ").append(plain(line).strip());
        }
        page.paragraph(words.length() == 0 ? argument.paramLabel() : words.toString());
    }

    private void verbs(Roff page) {
        if (command.subcommands().isEmpty()) {
            return;
        }
        page.macro("SH", "VERBS");
        command.subcommands().values().forEach(verb -> {
            CommandSpec spec = verb.getCommandSpec();
            page.macro("TP").marked(Roff.bold(spec.name()));
            page.paragraph(new ManPage(spec, date, version).purpose() + ".");
        });
    }

    private void examples(Roff page) {
        List<String> lines = new ArrayList<>();
        StringBuilder rest = new StringBuilder();
        for (String line : command.usageMessage().footer()) {
            String words = plain(line);
            if (words.startsWith(INDENT) && rest.length() == 0) {
                lines.add(words.strip());
            } else {
                rest.append(' ').append(words.strip());
            }
        }
        page.macro("SH", "EXAMPLES").verbatim(lines);
        // The command's own help ends with the exit codes, which every page has in a section.
        if (!rest.toString().isBlank() && !rest.toString().contains("Exit code")) {
            page.macro("PP").paragraph(rest.toString());
        }
    }

    private void seeAlso(Roff page) {
        List<String> others = new ArrayList<>();
        if (command.parent() != null) {
            others.add(name(command.parent()));
        }
        command.subcommands().values().forEach(verb -> others.add(name(verb.getCommandSpec())));
        page.macro("SH", "SEE ALSO");
        for (int i = 0; i < others.size(); i++) {
            String comma = i + 1 < others.size() ? "," : "";
            page.macro("BR", others.get(i), "(1)" + comma);
        }
    }

    /** Without picocli's own markup: {@code %n} and {@code %%}, {@code @|bold ...|@}. */
    private static String plain(String line) {
        return line.replace("%n", "\n").replace("%%", "%").replaceAll("@\\|[^ ]* (.*?)\\|@", "$1")
            .replaceFirst("^\n+", "")
            .stripTrailing();
    }
}
