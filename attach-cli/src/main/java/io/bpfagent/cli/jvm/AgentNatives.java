package io.bpfagent.cli.jvm;

import io.bpfagent.cli.errors.CliError;
import java.io.IOException;

/**
 * The native calls of the carried agent, for what Java has no call for: some 150 ms, so only where there is no
 * other way.
 */
final class AgentNatives {

    private static AgentCode code;

    private AgentNatives() {
    }

    /**
     * Calls a static method of the package that has the bindings.
     *
     * @throws Exception what the method has thrown
     */
    static void call(String className, String method, Class<?>[] types, Object... arguments) throws Exception {
        loaded().call("io.bpfagent.natives." + className, method, types, arguments);
    }

    /** Once for this process: libraries are loaded for good. */
    private static synchronized AgentCode loaded() throws IOException {
        if (code == null) {
            AgentCode loading = new AgentCode(AgentJar::open);
            open(loading);
            code = loading;
        }
        return code;
    }

    /** Loads the native libraries of these classes, for what they call themselves. */
    static void open(AgentCode classes) throws IOException {
        try {
            classes.call("io.bpfagent.natives.NativeTier", "open", new Class<?>[] {String.class, String.class}, null,
                null);
        } catch (IOException | RuntimeException failed) {
            throw failed;
        } catch (Exception refused) {
            throw CliError.OWN_NATIVES.because(": " + refused.getMessage(), refused);
        }
    }
}
