package io.bpfagent.cli;

import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.control.ProbesFoundDocument;
import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.jvm.ProbeSearcher;
import io.bpfagent.cli.jvm.TargetProcess;
import io.bpfagent.cli.text.ProbesFoundText;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * {@code probe PID search}: which probes there are. This process looks, at the JVM's files and the kernel's; the JVM
 * takes no part.
 */
@Command(name = "search", header = "Lists the probes that a JVM could have.",
    customSynopsis = "attach-cli probe PID search [OPTIONS] PATTERN",
    description = {
        "USDT probes and functions of all libraries that it has mapped, and the kernel's tracepoints. The JVM itself"
            + " takes no part and needs no agent. C++ functions go by their name without parameters, with <> for the"
            + " arguments of templates; all functions of a name are probed together. A pattern that begins with _Z is"
            + " of symbols.",
        "Single-stepped are those that begin with an instruction that the kernel must step: 10 us a call. They need"
            + " slow-site=yes."},
    footer = {
        "  attach-cli probe 4711 search getaddrinfo",
        "  attach-cli probe 4711 search 'G1*::collect*' --limit 1000",
        "  attach-cli probe 4711 search 'tp:block:*' --format json"})
final class ProbeSearchVerb extends Verb {

    private static final int MAX_LIMIT = 1_000_000;

    private final ProbeSearcher searcher;

    @ParentCommand
    private ProbeVerb probe;

    @Parameters(index = "0", paramLabel = "PATTERN",
        description = "a part of the probe in any case; with * a pattern of all of it, or of what follows the library")
    private String pattern;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "200",
        description = "at most so many, the others are counted (default: 200)")
    private int limit;

    ProbeSearchVerb(Environment environment, ProbeSearcher searcher) {
        super(environment);
        this.searcher = searcher;
    }

    @Override
    public Integer call() {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new ParameterException(spec().commandLine(), "--limit must be 1 .. " + MAX_LIMIT + ", --limit="
                + limit);
        }
        TargetProcess process = probe.process();
        ProbesFoundDocument document = search(process);
        if (document.found() == 0) {
            throw CliError.NOTHING_MATCHES.because(" (pattern=" + pattern + (document.remarks().isEmpty() ? ""
                : "; " + String.join(" ", document.remarks())) + "). Part of a name is enough, in any case; * stands"
                + " for anything.");
        }
        print(Documents.write(document), () -> ProbesFoundText.of(probe.title(process), pattern, document));
        return 0;
    }

    private ProbesFoundDocument search(TargetProcess process) {
        try {
            return ProbesFoundDocument.of(searcher.search(
                environment().proc().resolve(Integer.toString(process.pid())), pattern, limit));
        } catch (IOException hidden) {
            throw CliError.SEARCH_HIDDEN.because(" (" + hidden.getMessage() + "). Run this as the JVM's user, or with"
                + " sudo.", hidden);
        }
    }
}
