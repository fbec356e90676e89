package io.bpfagent.cli;

import io.bpfagent.cli.control.Documents;
import io.bpfagent.cli.report.PageTemplate;
import io.bpfagent.cli.report.Report;
import io.bpfagent.cli.text.Layout;
import io.bpfagent.cli.text.Quantity;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code report}: makes a page of a recording. */
@Command(name = "report", header = "Makes a page with charts of a recording.",
    description = {
        "FILE.html is one file that needs no network: where the time of each pool went, its pauses, latencies, slow"
            + " events and contexts (docs/report.md). RECORDING is a FILE.json of 'attach-cli record'; one that was"
            + " cut off is taken up to there."},
    footer = {
        "  attach-cli report incident.json -o incident.html",
        "  attach-cli report incident.json -o incident.html --title 'shop, 21 November'"})
final class ReportVerb extends Verb {

    static final String RULE = "-o must end in .html, -o=";

    @Parameters(index = "0", paramLabel = "RECORDING", description = "what 'attach-cli record' has written, as .json")
    private Path recording;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", required = true,
        description = "where to: a name that ends in .html")
    private Path file;

    @Option(names = "--title", paramLabel = "TITLE", description = "of the page (default: the JVM's name)")
    private String title;

    @Option(names = "--force", description = "overwrite the file if it is there")
    private boolean force;

    ReportVerb(Environment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        if (!file.toString().endsWith(".html")) {
            throw new ParameterException(spec().commandLine(), RULE + file);
        }
        Report.Made made = new Report(PageTemplate.built(), file, force).of(recording, title);
        print(summary(file, made), () -> text(made));
        return 0;
    }

    /** The document that tells of a page. */
    static String summary(Path file, Report.Made made) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("schema", Documents.SCHEMA);
        summary.put("file", file.toString());
        summary.put("bytes", made.bytes());
        summary.put("intervals", made.intervals());
        summary.put("wallNs", made.wallNs());
        summary.put("reason", made.end());
        return Documents.write(summary);
    }

    private String text(Report.Made made) {
        return Layout.wrap("", made.intervals() + (made.intervals() == 1 ? " interval (" : " intervals (")
            + Quantity.duration(made.wallNs()) + "), " + Quantity.bytes(made.bytes()) + " to " + file)
            + (made.cut().isEmpty() ? "" : Layout.wrap("note: ", "the recording is taken as far as it"
                + " goes: " + made.cut() + "."))
            + (made.leftOut() == 0 ? "" : Layout.wrap("note: ", Quantity.exact(made.leftOut()) + " of the shorter"
                + " pauses and slow events of the recording are not on the page; the histograms have them."));
    }
}
