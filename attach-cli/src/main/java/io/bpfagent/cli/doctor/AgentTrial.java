package io.bpfagent.cli.doctor;

import io.bpfagent.cli.jvm.AgentCode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.function.Supplier;

/** Tries with the classes of the agent's jar that this command carries. */
public final class AgentTrial implements Trial {

    private final Supplier<InputStream> jar;

    /** @param jar opens the agent's jar */
    public AgentTrial(Supplier<InputStream> jar) {
        this.jar = jar;
    }

    @Override
    @SuppressWarnings("unchecked")
    public Map<String, String> run(boolean load) throws IOException {
        try {
            return (Map<String, String>) new AgentCode(jar).call("io.bpfagent.kernel.LoadTrial", "run",
                new Class<?>[] {boolean.class}, load);
        } catch (IOException | RuntimeException failed) {
            throw failed;
        } catch (Exception other) {
            throw new IllegalStateException(other);
        }
    }
}
