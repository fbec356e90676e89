package io.bpfagent.cli.jvm;

import io.bpfagent.cli.errors.CliError;
import java.io.IOException;

/**
 * The native calls of the carried agent, for what Java has no call for: some 150 ms, so only where there is no
 * other way.
 */
final class AgentNatives {

    private static final String OF_THE_AGENT = ". Set tmpdir=";

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
            throw CliError.OWN_NATIVES.because(": " + said(refused), refused);
        }
    }

    /** An agent's words, but for its remedy where that is an argument of its own: this command has none. */
    private static String said(Exception refused) {
        String line = refused.getMessage();
        int remedy = line.indexOf(OF_THE_AGENT);
        return remedy < 0 ? line : line.substring(0, remedy) + ". Name another directory: java -Djava.io.tmpdir=/path"
            + " -jar attach-cli.jar PID";
    }
}
