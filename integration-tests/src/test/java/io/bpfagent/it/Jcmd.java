package io.bpfagent.it;

import io.bpfagent.it.Jdks.Jdk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** What a JVM itself says about its insides. */
public final class Jcmd {
    private Jcmd() {}

    /** The lines of one diagnostic command. */
    public static List<String> run(Jdk jdk, HostJvm host, String... command) {
        List<String> words = Stream.concat(Stream.of(jdk.home().resolve("bin/jcmd").toString(),
                Long.toString(host.pid())), Stream.of(command)).toList();
        try {
            Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The classes with live instances whose names begin so, after a collection that unloads classes. */
    public static List<String> classesOf(Jdk jdk, HostJvm host, String prefix) {
        return run(jdk, host, "GC.class_histogram").stream().map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length >= 4 && words[3].replaceFirst("^\\[+L", "").startsWith(prefix))
                .map(words -> words[3]).toList();
    }

    /** How many instances of that class live, after a collection that unloads classes. */
    public static long instancesOf(Jdk jdk, HostJvm host, String name) {
        return run(jdk, host, "GC.class_histogram").stream().map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length >= 4 && words[3].equals(name))
                .mapToLong(words -> Long.parseLong(words[1])).sum();
    }
}
