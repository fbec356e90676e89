package io.bpfagent.export;

import io.bpfagent.correlation.Snapshot;
import io.bpfagent.extension.Extension;
import io.bpfagent.extension.ExtensionHost;
import io.bpfagent.extension.Note;
import io.bpfagent.report.Probe;
import io.bpfagent.report.SnapshotReport;
import java.nio.file.Path;

/** An extension that is open, kept from doing harm: whatever it throws ends it, and nothing else. */
final class ExtensionReport implements SnapshotReport {
    private final Path given;
    private final ExtensionJar jar;
    private final ExtensionHost host;
    /** Null once it is closed. */
    private volatile Extension extension;
    /** Why it was closed, if not by the user. */
    private volatile String problem = "";

    private ExtensionReport(Path given, ExtensionJar jar, ExtensionHost host, Extension extension) {
        this.given = given;
        this.jar = jar;
        this.host = host;
        this.extension = extension;
    }

    /** @throws ExportException if it cannot be had; nothing is open then */
    static ExtensionReport open(Path given, ExtensionHost host) throws ExportException {
        ExtensionJar jar = ExtensionJar.open(given);
        Extension extension = null;
        try {
            extension = jar.extension(host);
        } finally {
            if (extension == null) {
                jar.close();
            }
        }
        return new ExtensionReport(given, jar, host, extension);
    }

    /** Whether it is that of this path, and open. */
    boolean isOf(Path path) {
        return extension != null && given.equals(path);
    }

    @Override
    public void update(Snapshot snapshot) {
        Extension now = extension;
        if (now == null) {
            return;
        }
        try {
            now.update(snapshot);
        } catch (RuntimeException | Error e) {
            closeFor(e);
        }
    }

    private void closeFor(Throwable thrown) {
        String line = failed("Extension closed: ", thrown);
        close();
        problem = line;
        host.complain(line);
    }

    private String failed(String what, Throwable thrown) {
        return what + jar.name() + ": " + described(thrown) + ". All else works; please report it to whoever made it."
                + " See TROUBLESHOOTING.md, \"Extension closed\".";
    }

    private static String described(Throwable thrown) {
        try {
            return thrown.toString().replace('\n', ' ');
        } catch (RuntimeException | Error e) {
            // Its own classes make that text.
            return thrown.getClass().getName();
        }
    }

    @Override
    public void look() {
        // It has a thread of its own, if it needs one.
    }

    @Override
    public Probe probe() {
        Extension now = extension;
        if (now == null) {
            return new Probe(jar.name(), Probe.FAILED, problem, 0, 0);
        }
        try {
            Note note = now.note();
            return new Probe(jar.name(), note.works() ? Probe.ATTACHED : Probe.FAILED, note.text(), 0, 0);
        } catch (RuntimeException | Error e) {
            return new Probe(jar.name(), Probe.FAILED, described(e), 0, 0);
        }
    }

    @Override
    public void close() {
        Extension now = extension;
        extension = null;
        if (now == null) {
            return;
        }
        try {
            now.close();
        } catch (RuntimeException | Error e) {
            problem = described(e);
        } finally {
            jar.close();
        }
    }
}
