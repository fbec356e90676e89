package io.bpfagent.cli;

import io.bpfagent.cli.manual.ManPage;
import io.bpfagent.cli.manual.ZshCompletion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.AutoComplete;
import picocli.CommandLine;

/** Called by the build: writes the manual pages and the completion of shells; not in the jar. */
final class WriteManual {

    private static final String COMMAND = "attach-cli";

    private WriteManual() {
    }

    /**
     * Writes {@code man/man1/*.1} and {@code completion/{bash,zsh}}.
     *
     * @param arguments the directory, the date of the release (2026-01-31, what follows it is cut), the version
     */
    public static void main(String[] arguments) throws IOException {
        write(Path.of(arguments[0]), arguments[1].substring(0, "2026-01-31".length()), arguments[2]);
    }

    static void write(Path directory, String date, String version) throws IOException {
        CommandLine command = Main.commandLine(Environment.system());
        Path man = Files.createDirectories(directory.resolve("man/man1"));
        writePages(command, man, date, version);
        Path completion = Files.createDirectories(directory.resolve("completion/bash"));
        writeText(completion.resolve(COMMAND), AutoComplete.bash(COMMAND, command));
        completion = Files.createDirectories(directory.resolve("completion/zsh"));
        writeText(completion.resolve("_" + COMMAND), ZshCompletion.of(COMMAND));
    }

    private static void writePages(CommandLine command, Path man, String date, String version) throws IOException {
        writeText(man.resolve(ManPage.name(command.getCommandSpec()) + ".1"),
            new ManPage(command.getCommandSpec(), date, version).text());
        for (CommandLine verb : command.getSubcommands().values()) {
            writePages(verb, man, date, version);
        }
    }

    private static void writeText(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardCharsets.UTF_8);
    }
}
