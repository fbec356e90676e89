package io.bpfagent.cli.report;

import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import io.bpfagent.cli.text.SafeText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;

/** Makes the page of a recording. One thread; some seconds for an hour of fifty threads. */
public final class Report {

    /** As Base64 they are 2.53 MB, so that a page stays below 3 MB. */
    static final int LARGEST_DATA = 1_900_000;
    /** More is not left out: a quarter of the pauses and slow events, and 150 columns. */
    private static final int MOST_SHRINKS = 7;
    /** The next one takes four times as long, and spares 3 %. */
    private static final int LEVEL = 7;

    private final PageTemplate template;
    private final PageFile file;

    /**
     * What came of it.
     *
     * @param bytes of the page
     * @param end why the recording ends: its own reason, or {@code cut}
     * @param cut a sentence that says why it is not whole; empty where it is
     * @param leftOut pauses and slow events that the recording has and the page does not
     */
    public record Made(long bytes, long intervals, long wallNs, long pauses, long events, long leftOut, String end,
        String cut) {
    }

    /**
     * Looks whether the page can be made, before anything else is done for it.
     *
     * @param force whether the file may be there already
     * @throws CliException where it cannot
     */
    public Report(PageTemplate template, Path file, boolean force) {
        this.template = template;
        this.file = new PageFile(file, force);
    }

    /**
     * Makes it.
     *
     * @param title null for the JVM's name
     */
    public Made of(Path recording, String title) {
        ReportBuilder builder = new ReportBuilder();
        String cut = new RecordingReader(recording).read(builder::add);
        if (builder.intervals() == 0) {
            throw CliError.REPORT_EMPTY.because(" (" + recording + "). Record for longer than the agent's own interval,"
                + " which attach-cli status PID tells.");
        }
        return of(builder, title, cut);
    }

    /** Makes it of what was added up. */
    Made of(ReportBuilder builder, String title, String cut) {
        byte[] packed = packed(builder);
        ReportData data = builder.data();
        String name = SafeText.of(title != null ? title : data.jvm().name() + " (JVM " + data.jvm().pid() + ")");
        long bytes = file.write(to -> {
            to.write(template.before(name).getBytes(StandardCharsets.UTF_8));
            to.write(Base64.getEncoder().encode(packed));
            to.write(template.after(name).getBytes(StandardCharsets.UTF_8));
        });
        return new Made(bytes, data.intervals(), data.wallNs(), data.pauses().size(), data.events().size(),
            data.pausesLeftOut() + data.eventsLeftOut(), data.end(), cut);
    }

    /** As JSON, compressed; what does not fit is left out of it. */
    static byte[] packed(ReportBuilder builder) {
        byte[] packed = packed(builder.data());
        for (int i = 0; i < MOST_SHRINKS && packed.length > LARGEST_DATA; i++) {
            builder.shrink();
            packed = packed(builder.data());
        }
        return packed;
    }

    private static byte[] packed(ReportData data) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 20);
        try (Writer text = new OutputStreamWriter(new SmallGzip(bytes), StandardCharsets.UTF_8)) {
            ReportJson.write(data, text);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** A page is written once, and sent on and kept. */
    private static final class SmallGzip extends GZIPOutputStream {
        SmallGzip(ByteArrayOutputStream to) throws IOException {
            super(to, 1 << 16);
            def.setLevel(LEVEL);
        }
    }
}
