package io.bpfagent.it;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a {@link HostJvm} is started with. Without {@link #agent} it is a JVM without the agent. */
public final class HostCommand {
    private final Jdks.Jdk jdk;
    private final List<String> prefix = new ArrayList<>();
    private final List<String> flags = new ArrayList<>(List.of("-Xmx256m", "-Xshare:auto"));
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> classPath = new ArrayList<>();
    private final List<String> program = new ArrayList<>();
    private File directory;

    HostCommand(Jdks.Jdk jdk) {
        this.jdk = jdk;
        classPath.add(HostJvm.testClasses().toString());
    }

    /** A command before {@code java}: {@code setpriv ...}, {@code unshare ...}. */
    public HostCommand prefix(String... command) {
        prefix.addAll(List.of(command));
        return this;
    }

    /** Flags of the JVM. */
    public HostCommand jvm(String... more) {
        flags.addAll(List.of(more));
        return this;
    }

    /** With the agent from the start, and these arguments, which may be empty. */
    public HostCommand agent(String arguments) {
        return agent(HostJvm.agentJar(), arguments);
    }

    /** As {@link #agent(String)}, with the agent's jar somewhere else. */
    public HostCommand agent(Path jar, String arguments) {
        return jvm("-javaagent:" + jar + (arguments.isEmpty() ? "" : "=" + arguments));
    }

    /** More for the class path, after the test classes. */
    public HostCommand classPath(Path... more) {
        for (Path path : more) {
            classPath.add(path.toString());
        }
        return this;
    }

    public HostCommand environment(String key, String value) {
        environment.put(key, value);
        return this;
    }

    /** Its working directory; else that of the test. */
    public HostCommand directory(Path path) {
        directory = path.toFile();
        return this;
    }

    /** What it runs. */
    public HostCommand main(Class<?> main, String... arguments) {
        return main(main.getName(), arguments);
    }

    /** What it runs, as {@code java} takes it. */
    public HostCommand main(String main, String... arguments) {
        program.clear();
        program.add(main);
        program.addAll(List.of(arguments));
        return this;
    }

    /** The whole command. */
    public List<String> words() {
        List<String> words = new ArrayList<>(prefix);
        words.add(jdk.java().toString());
        words.addAll(flags);
        words.add("-cp");
        words.add(String.join(File.pathSeparator, classPath));
        words.addAll(program);
        return words;
    }

    /** Starts it; its stdin stays open until it is closed. */
    public HostJvm start() {
        ProcessBuilder builder = new ProcessBuilder(words()).directory(directory);
        // What the build was started with must not change what the hosts do.
        builder.environment().keySet().removeIf(key -> key.startsWith("BPFAGENT_") || key.equals("JAVA_TOOL_OPTIONS")
                || key.equals("JDK_JAVA_OPTIONS"));
        builder.environment().putAll(environment);
        try {
            return new HostJvm(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
