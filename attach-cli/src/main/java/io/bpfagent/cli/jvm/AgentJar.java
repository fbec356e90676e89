package io.bpfagent.cli.jvm;

import io.bpfagent.cli.errors.CliError;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The agent's jar that this command carries. */
public final class AgentJar {

    private static final String RESOURCE = "/bpf-agent.jar";

    private AgentJar() {
    }

    /** Its bytes: the resource or, in a build tree, the agent module's jar beside ours. */
    public static InputStream open() {
        InputStream resource = AgentJar.class.getResourceAsStream(RESOURCE);
        if (resource != null) {
            return resource;
        }
        try {
            // attach-cli/target/attach-cli.jar or attach-cli/target/classes
            Path own = Path.of(AgentJar.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            Path built = own.getParent().resolve("../../agent/target/bpf-agent.jar").normalize();
            return Files.newInputStream(built);
        } catch (IOException | URISyntaxException | RuntimeException missing) {
            throw CliError.JAR_MISSING.because(" (no resource " + RESOURCE + " in attach-cli.jar, no build: "
                + missing + "). Use the released attach-cli.jar, or build with: mvn package", missing);
        }
    }
}
