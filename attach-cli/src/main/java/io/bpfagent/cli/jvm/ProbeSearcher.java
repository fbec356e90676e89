package io.bpfagent.cli.jvm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Lists the probes that a process could have. */
public interface ProbeSearcher {

    /**
     * Looks at the process's files.
     *
     * @param process its directory in /proc
     * @param pattern a part of a probe's name, or with {@code *} a pattern
     * @param limit of the probes; the others are only counted
     * @return the keys of {@code ProbesFoundDocument} but {@code schema}, as types of the JDK
     * @throws IOException when this user may not look
     */
    Map<String, Object> search(Path process, String pattern, int limit) throws IOException;
}
