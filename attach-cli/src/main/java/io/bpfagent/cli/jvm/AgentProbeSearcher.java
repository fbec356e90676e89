package io.bpfagent.cli.jvm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Searches with the classes of the agent's jar that this command carries, in this process: the JVM does nothing for it,
 * needs no agent yet, and an agent out of this jar finds the same by the same code.
 *
 * <p>One static method is called by its name, with types of the JDK alone. Only for root native libraries are loaded:
 * without them it could be led to open something else than it has looked at.
 */
public final class AgentProbeSearcher implements ProbeSearcher {

    private static final String ENTRY = "io.bpfagent.find.ProbeSearch";

    private final Supplier<InputStream> jar;

    /** @param jar opens the agent's jar */
    public AgentProbeSearcher(Supplier<InputStream> jar) {
        this.jar = jar;
    }

    @Override
    @SuppressWarnings("unchecked")
    public Map<String, Object> search(Path process, String pattern, int limit) throws IOException {
        try {
            AgentCode code = new AgentCode(jar);
            if (ProcStatus.read(Path.of("/proc/self")).filter(own -> own.uid() == 0).isPresent()) {
                AgentNatives.open(code);
            }
            return (Map<String, Object>) code.call(ENTRY, "search",
                new Class<?>[] {String.class, String.class, int.class}, process.toString(), pattern, limit);
        } catch (IOException | RuntimeException failed) {
            throw failed;
        } catch (Exception other) {
            throw new IllegalStateException(other);
        }
    }
}
