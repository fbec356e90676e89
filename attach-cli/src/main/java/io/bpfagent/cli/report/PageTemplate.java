package io.bpfagent.cli.report;

import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The page without its data, which the build makes of src/main/report. Immutable. */
public final class PageTemplate {

    /** Where the data and the title belong. */
    private static final String DATA = "@@DATA@@";
    private static final String TITLE = "@@TITLE@@";

    private final String before;
    private final String after;

    private PageTemplate(String before, String after) {
        this.before = before;
        this.after = after;
    }

    /**
     * The one that was built.
     *
     * @throws CliException with REPORT_NO_PAGE where none was
     */
    public static PageTemplate built() {
        return at("/report/template.html");
    }

    static PageTemplate at(String resource) {
        try (InputStream file = PageTemplate.class.getResourceAsStream(resource)) {
            if (file == null) {
                throw CliError.REPORT_NO_PAGE.because(" (it was built without). Use an attach-cli of a release, or in"
                    + " the sources: bin/setup && mvn package -DskipTests");
            }
            return of(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** One of this text, which has a place for the data. */
    static PageTemplate of(String html) {
        int data = html.indexOf(DATA);
        if (data < 0) {
            throw CliError.REPORT_NO_PAGE.because(" (its template has no " + DATA + "). Use an attach-cli of a"
                + " release.");
        }
        return new PageTemplate(html.substring(0, data), html.substring(data + DATA.length()));
    }

    /** What stands before the data. */
    String before(String title) {
        return before.replace(TITLE, escaped(title));
    }

    /** What stands after it. */
    String after(String title) {
        return after.replace(TITLE, escaped(title));
    }

    /** As text of HTML, within an element or in an attribute. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;")
            .replace("'", "&#39;");
    }
}
