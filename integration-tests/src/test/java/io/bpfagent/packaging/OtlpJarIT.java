package io.bpfagent.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/** The jar of the extension that exports by OTLP. */
class OtlpJarIT {
    private static final Path JAR = Path.of(System.getProperty("otlp.jar"));
    private static final long MOST_BYTES = 1_400_000;
    private static final String OWN = "io/bpfagent/otlp/";
    private static final String LOGGING = "io.bpfagent.otlp.logging.";

    @Test
    void everythingInItHasItsOwnName() throws IOException {
        Set<String> others = new TreeSet<>();
        try (JarFile jar = new JarFile(JAR.toFile())) {
            jar.stream().map(JarEntry::getName).filter(name -> !name.startsWith(OWN) && !OWN.startsWith(name)
                    && !name.startsWith("META-INF")).forEach(others::add);
            assertEquals(Set.of(), others);
            assertEquals("1", jar.getManifest().getMainAttributes().getValue("Bpf-Agent-Extension"));
            for (String file : List.of("META-INF/LICENSE", "META-INF/NOTICE",
                    "META-INF/services/io.bpfagent.extension.ExtensionFactory")) {
                assertNotNull(jar.getEntry(file), file);
            }
            assertTrue(text(jar, "META-INF/NOTICE").contains("OpenTelemetry"));
        }
        assertTrue(Files.size(JAR) <= MOST_BYTES, () -> JAR.toFile().length() + " bytes");
    }

    @Test
    void nothingInItAsksForTheHostsLoggingOrLibraries() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            for (JarEntry entry : jar.stream().filter(one -> one.getName().endsWith(".class")).toList()) {
                String constants = text(jar, entry.getName());
                assertTrue(!constants.contains("java/util/logging") && !constants.contains("java.util.logging"),
                        entry::getName);
                assertTrue(!constants.contains("Lio/opentelemetry/") && !constants.contains("kotlin/"), entry::getName);
            }
        }
    }

    /** The SDK of another version may call what ours in place of the JDK's has not. */
    @Test
    void allThatTheSdkCallsOfItsLoggerIsThere() throws Exception {
        Set<String> missing = new TreeSet<>();
        Path agent = Path.of(System.getProperty("agent.jar"));
        try (URLClassLoader loader = new URLClassLoader(new URL[] {JAR.toUri().toURL(), agent.toUri().toURL()}, null)) {
            Set<String> methods = new TreeSet<>();
            for (var method : loader.loadClass(LOGGING + "Logger").getDeclaredMethods()) {
                methods.add(method.getName());
            }
            Set<String> levels = new TreeSet<>();
            for (Object level : loader.loadClass(LOGGING + "Level").getEnumConstants()) {
                levels.add(level.toString());
            }
            String calls = javap();
            Matcher matcher = Pattern.compile("io/bpfagent/otlp/logging/(Logger|Level)\\.(\\w+):").matcher(calls);
            int found = 0;
            while (matcher.find()) {
                found++;
                if (!(matcher.group(1).equals("Logger") ? methods : levels).contains(matcher.group(2))) {
                    missing.add(matcher.group(1) + "." + matcher.group(2));
                }
            }
            assertTrue(found > 50, "found " + found);
        }
        assertEquals(Set.of(), missing);
    }

    /** The code of all classes of the SDK. */
    private static String javap() throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-p", "-c", "-cp", JAR.toString()));
        try (JarFile jar = new JarFile(JAR.toFile())) {
            jar.stream().map(JarEntry::getName).filter(name -> name.startsWith(OWN + "opentelemetry/")
                    && name.endsWith(".class")).map(name -> name.substring(0, name.length() - 6))
                    .forEach(arguments::add);
        }
        StringWriter out = new StringWriter();
        ToolProvider.findFirst("javap").orElseThrow().run(new PrintWriter(out), new PrintWriter(out),
                arguments.toArray(String[]::new));
        return out.toString();
    }

    private static String text(JarFile jar, String name) throws IOException {
        try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
