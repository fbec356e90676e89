package io.bpfagent.cli;

import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import io.bpfagent.cli.report.PageTemplate;
import io.bpfagent.cli.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The page of a recording that is going on: until its end there is a recording beside it, which stays where the page
 * cannot be made, and where the command is killed. One thread.
 */
final class RecordedPage {

    private final Path file;
    private final Path recording;
    private final Report report;

    /**
     * @param file of the page
     * @throws CliException where there can be none
     */
    RecordedPage(Path file, boolean force) {
        this.file = file;
        this.recording = file.resolveSibling(file.getFileName() + ".json");
        this.report = new Report(PageTemplate.built(), file, force);
    }

    /** Where to record. */
    Path recording() {
        return recording;
    }

    /** Makes the page of what has been recorded, and takes the recording away; returns its size in bytes. */
    long make() {
        try {
            long bytes = report.of(recording, null).bytes();
            takeAway();
            return bytes;
        } catch (CliException failed) {
            if (failed.error() == CliError.REPORT_EMPTY) {
                takeAway();
                throw failed.error().because(rest(failed).replace(recording.toString(), file.toString()), failed);
            }
            throw failed.error().because(rest(failed) + " The recording is in " + recording + ": attach-cli report "
                    + recording + " -o " + file, failed);
        }
    }

    private static String rest(CliException failed) {
        return failed.getMessage().substring(failed.error().phrase().length());
    }

    private void takeAway() {
        try {
            Files.deleteIfExists(recording);
        } catch (IOException stays) {
            // It is in nobody's way.
        }
    }
}
