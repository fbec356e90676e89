package io.bpfagent.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Files that hosts, and who attached to them, have made of the agent's. */
public final class LeftFiles {
    private static final Path TMP = Path.of("/tmp");
    /** What has been left for longer nobody uses. */
    private static final Duration LONG = Duration.ofHours(1);

    private LeftFiles() {}

    /** Those in /tmp of that host: of its control channel, its libraries, and copies of the jar. */
    public static List<Path> inTmp(long pid) {
        String name = "\\.?bpf-agent-(jar-)?" + pid + "(-.*)?";
        return list(TMP).stream().filter(file -> file.getFileName().toString().matches(name)).toList();
    }

    /** Those in a {@code java.io.tmpdir} that is the test's own; what HotSpot says of a crash too. */
    public static List<Path> in(Path tmpdir) {
        return list(tmpdir).stream().filter(file -> file.getFileName().toString().contains("bpf-agent-")
                || file.getFileName().toString().startsWith("hs_err")).toList();
    }

    /** Makes those as old as if they had been left an hour ago: the next agent there takes them away. */
    public static void letAge(Path tmpdir) {
        for (Path file : in(tmpdir)) {
            try {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(LONG)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static List<Path> list(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
