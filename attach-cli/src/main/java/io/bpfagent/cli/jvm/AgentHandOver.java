package io.bpfagent.cli.jvm;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/**
 * Does it with the loader of the agent's jar that this command carries, in this process: nothing that the JVM's user
 * could have written is loaded. One static method is called by its name, with types of the JDK alone.
 */
public final class AgentHandOver implements HandOver {

    private static final String ENTRY = "io.bpfagent.agent.HandOverCommand";
    private static final String SOCKET = "handover.sock";
    private static final Class<?>[] HAND_OVER = {int.class, String.class, String.class, IntPredicate.class};

    private final Supplier<InputStream> jar;

    /** @param jar opens the agent's jar */
    public AgentHandOver(Supplier<InputStream> jar) {
        this.jar = jar;
    }

    @Override
    public Optional<String> give(TargetProcess process, String arguments, Runnable listen) throws IOException {
        IntPredicate isSame = process::belongsTo;
        // Not the path that the agent names: only this one is where the JVM's own user alone can make one.
        String socket = process.controlSocket().resolveSibling(SOCKET).toString();
        try {
            AgentCode code = new AgentCode(jar);
            Object missing = code.call(ENTRY, "prepare", new Class<?>[] {String.class}, arguments);
            if (missing != null) {
                return Optional.of((String) missing);
            }
            listen.run();
            // In its user namespace the JVM knows its own user only. The libraries are open by now.
            return Optional.ofNullable((String) AsUser.call(process, () -> code.call(ENTRY, "handOver", HAND_OVER,
                process.pid(), socket, arguments, isSame)));
        } catch (IOException | RuntimeException failed) {
            throw failed;
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }
}
