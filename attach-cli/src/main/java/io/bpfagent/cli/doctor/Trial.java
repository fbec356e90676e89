package io.bpfagent.cli.doctor;

import java.io.IOException;
import java.util.Map;

/** Opens the agent's libraries, and loads its programs, in this process. */
@FunctionalInterface
public interface Trial {

    /**
     * Tries; nothing stays in the kernel.
     *
     * @param load whether to load the programs too
     * @return {@code libbpf}, its version, absent where it cannot be opened; {@code error}, the agent's own line,
     *     absent where all went well
     * @throws IOException when the agent's jar cannot be read
     */
    Map<String, String> run(boolean load) throws IOException;
}
