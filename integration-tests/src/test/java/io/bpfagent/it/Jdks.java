package io.bpfagent.it;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The JDKs of this machine that the agent supports, one for each Java release, oldest first. */
public final class Jdks {
    private static final Path DIRECTORY = Path.of("/usr/lib/jvm");
    private static final int OLDEST = 17;

    private Jdks() {}

    /**
     * A JDK.
     *
     * @param release its feature release, for example 17
     * @param home    its JAVA_HOME
     */
    public record Jdk(int release, Path home) {
        /** Its {@code java}. */
        public Path java() {
            return home.resolve("bin/java");
        }

        @Override
        public String toString() {
            return "JDK " + release;
        }
    }

    /**
     * All of them; only those that {@code -Dit.jdks=17,25} names, if it is given. For
     * {@code @MethodSource("io.bpfagent.it.Jdks#all")}.
     *
     * @throws IllegalStateException if there is none, or one that is named is missing
     */
    public static List<Jdk> all() {
        TreeMap<Integer, Jdk> found = new TreeMap<>();
        Stream.concat(installed().stream(), Stream.of(Path.of(System.getProperty("java.home"))))
                .map(Jdks::read).filter(jdk -> jdk != null && jdk.release() >= OLDEST)
                .sorted(Comparator.comparing(Jdk::home))
                .forEach(jdk -> found.putIfAbsent(jdk.release(), jdk));
        String named = System.getProperty("it.jdks", "");
        List<Jdk> chosen = new ArrayList<>();
        for (String release : named.isBlank() ? new String[0] : named.split(",")) {
            Jdk jdk = found.get(Integer.parseInt(release.strip()));
            if (jdk == null) {
                throw new IllegalStateException("it.jdks must name installed JDKs, it.jdks=" + named + ", found "
                        + found.values());
            }
            chosen.add(jdk);
        }
        if (chosen.isEmpty()) {
            chosen.addAll(found.values());
        }
        if (chosen.isEmpty()) {
            throw new IllegalStateException("no JDK >= " + OLDEST + " in " + DIRECTORY);
        }
        return chosen;
    }

    /** The newest of them. */
    public static Jdk newest() {
        List<Jdk> all = all();
        return all.get(all.size() - 1);
    }

    private static List<Path> installed() {
        List<Path> homes = new ArrayList<>();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(DIRECTORY)) {
            directories.forEach(homes::add);
        } catch (IOException e) {
            return List.of();
        }
        return homes;
    }

    /** Null where there is no JDK. */
    private static Jdk read(Path home) {
        if (!Files.isExecutable(home.resolve("bin/java")) || !Files.isExecutable(home.resolve("bin/jcmd"))) {
            return null;
        }
        try (Reader release = Files.newBufferedReader(home.resolve("release"))) {
            Properties properties = new Properties();
            properties.load(release);
            String version = properties.getProperty("JAVA_VERSION", "\"0\"").replace("\"", "");
            return new Jdk(Integer.parseInt(version.split("[.+-]")[0]), home.toRealPath());
        } catch (IOException | NumberFormatException e) {
            return null;
        }
    }
}
