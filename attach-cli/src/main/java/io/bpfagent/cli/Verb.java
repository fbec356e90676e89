package io.bpfagent.cli;

import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.text.Layout;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** What all verbs have: two formats of output, and the stack of an error on request. */
@Command(mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    usageHelpWidth = Layout.WIDTH, abbreviateSynopsis = true,
    synopsisHeading = "%nUsage: ", descriptionHeading = "%n", parameterListHeading = "%n",
    footerHeading = "%nExamples:%n")
abstract class Verb implements Callable<Integer> {

    /** The values of {@code --format}, as they are typed. */
    enum Format { text, json }

    /** Says the rule in our words. */
    static final class FormatConverter implements ITypeConverter<Format> {
        @Override
        public Format convert(String value) {
            return Stream.of(Format.values()).filter(format -> format.name().equals(value)).findFirst()
                .orElseThrow(() -> new TypeConversionException("--format must be text or json, --format=" + value));
        }
    }

    @Spec
    private CommandSpec spec;

    @Option(names = "--format", paramLabel = "text|json", defaultValue = "text", converter = FormatConverter.class,
        description = "text for people (default), or one line of JSON")
    private Format format;

    @Option(names = "--verbose", description = "show the whole stack of an error")
    private boolean verbose;

    private final Environment environment;

    Verb(Environment environment) {
        this.environment = environment;
    }

    final boolean isVerbose() {
        return verbose;
    }

    final boolean isJson() {
        return format == Format.json;
    }

    final Environment environment() {
        return environment;
    }

    final CommandSpec spec() {
        return spec;
    }

    /** Writes to standard output: the JSON document as it is, or the text made for it. */
    final void print(String json, Supplier<String> text) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(format == Format.json ? json + "\n" : text.get());
        // Both tell that a write failed, not why; picocli's writer does not see what System.out swallowed.
        if (out.checkError() || System.out.checkError()) {
            throw CliError.OUTPUT.because(" (standard output is full or closed)."
                + " Make room, or write to another place.");
        }
    }

    /** Writes a line to standard error, which is not part of the result. */
    final void tell(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }
}
