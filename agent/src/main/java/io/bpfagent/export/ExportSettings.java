package io.bpfagent.export;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Which exports there are.
 *
 * @param prometheus where a Prometheus server scrapes, if one does
 * @param extensions jars with exports of their own
 * @param jfr        when there are JFR events
 */
public record ExportSettings(Optional<ListenAddress> prometheus, List<Path> extensions, JfrMode jfr) {
    /** The defaults. */
    public static final ExportSettings DEFAULT = new ExportSettings(Optional.empty(), List.of(), JfrMode.AUTO);

    public ExportSettings {
        extensions = List.copyOf(extensions);
    }
}
