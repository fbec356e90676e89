package io.bpfagent.hotspot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * Runs a method of {@link HotSpotScenarios} in a JVM of its own, of the kind that runs the tests and
 * with a real agent, whose {@link Instrumentation} opens java.lang as it does in production.
 */
public final class ChildJvm {
    private static final int LIMIT_SECONDS = 60;

    private static Instrumentation instrumentation;

    private ChildJvm() {}

    /** Entry of the agent jar that {@link #run} makes. */
    public static void premain(String arguments, Instrumentation given) {
        instrumentation = given;
    }

    /** Runs the scenario; a failed assertion ends the JVM with its stack trace. */
    public static void main(String[] arguments) throws Throwable {
        try (ProcSelfMemory memory = new ProcSelfMemory()) {
            HotSpotScenarios scenarios = new HotSpotScenarios(memory, instrumentation);
            HotSpotScenarios.class.getDeclaredMethod(arguments[0]).invoke(scenarios);
        }
        System.out.println("scenario passed");
        System.exit(0);
    }

    /** The scenario must pass under these JVM options. */
    static void run(Path directory, String scenario, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx128m");
        command.addAll(List.of(options));
        command.add("-javaagent:" + agentJar(directory));
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(ChildJvm.class.getName());
        command.add(scenario);
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), "not done after " + LIMIT_SECONDS + " s");
            String text = Files.readString(output);
            assertEquals(0, process.exitValue(), text);
            assertTrue(text.contains("scenario passed"), text);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Path agentJar(Path directory) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(new Attributes.Name("Premain-Class"), ChildJvm.class.getName());
        Path jar = directory.resolve("agent.jar");
        try (OutputStream out = Files.newOutputStream(jar)) {
            new JarOutputStream(out, manifest).close();
        }
        return jar;
    }
}
