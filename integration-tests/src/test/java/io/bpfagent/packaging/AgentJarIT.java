package io.bpfagent.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

class AgentJarIT {
    private static final Path JAR = Path.of(System.getProperty("agent.jar"));
    private static final Path CLI = Path.of(System.getProperty("cli.jar"));
    private static final String NATIVES = "META-INF/bpf-agent/natives/";
    private static final String AGENT = "META-INF/bpf-agent/agent/";
    private static final String LIB = "META-INF/bpf-agent/lib/";
    private static final long MAX_BYTES = 7_000_000;

    @Test
    void hostSeesTwoClassesAndNothingElse() throws IOException {
        assertEquals(Set.of("io/bpfagent/BpfAgent.class", "io/bpfagent/TierLoader.class"),
                files(name -> !name.startsWith("META-INF/")));
        assertEquals(Set.of("META-INF/MANIFEST.MF", "META-INF/LICENSE", "META-INF/NOTICE"),
                files(name -> name.startsWith("META-INF/")
                        && !name.startsWith("META-INF/bpf-agent/")
                        && !name.startsWith("META-INF/licenses/")));
    }

    @Test
    void everyFileOfOursIsInOneOfThreeParts() throws IOException {
        // Beside them the checksum by which a second jar is known to have the same native tier; and what is loaded only
        // where there are contexts.
        assertEquals(Set.of("META-INF/bpf-agent/natives.checksum", "META-INF/bpf-agent/hooks.jar.gz",
                "META-INF/bpf-agent/prometheus.jar.gz", "META-INF/bpf-agent/boot.jar"),
                files(name -> name.startsWith("META-INF/bpf-agent/")
                && !name.startsWith(NATIVES) && !name.startsWith(AGENT) && !name.startsWith(LIB)));
    }

    @Test
    void noClassIsInBothTiers() throws IOException {
        Set<String> both = files(name -> name.startsWith(NATIVES)).stream()
                .map(name -> name.substring(NATIVES.length()))
                .collect(Collectors.toCollection(TreeSet::new));
        both.retainAll(files(name -> name.startsWith(AGENT)).stream()
                .map(name -> name.substring(AGENT.length())).toList());
        assertEquals(Set.of(), both);
    }

    @Test
    void byteBuddyHasANameOfItsOwnAndIsInTheHooksTierAlone() throws IOException {
        Set<String> packages = new TreeSet<>();
        try (ZipInputStream hooks = new ZipInputStream(new GZIPInputStream(new ByteArrayInputStream(bytes(
                "META-INF/bpf-agent/hooks.jar.gz"))))) {
            for (ZipEntry entry = hooks.getNextEntry(); entry != null; entry = hooks.getNextEntry()) {
                String name = entry.getName();
                if (!entry.isDirectory()) {
                    packages.add(name.replaceFirst("^(io/bpfagent/[a-z]+/).*", "$1"));
                    assertFalse(name.matches("io/bpfagent/hooks/[A-Za-z]+\\.class"), name);
                    assertFalse(new String(hooks.readAllBytes(), StandardCharsets.ISO_8859_1)
                            .contains("net/bytebuddy/"), name);
                }
            }
        }
        assertEquals(Set.of("io/bpfagent/bytebuddy/", "io/bpfagent/hooks/"), packages);
        assertEquals(Set.of(), files(name -> name.contains("bytebuddy")));
    }

    @Test
    void clientJavaHasANameOfItsOwnAndIsInItsTierAlone() throws IOException {
        Set<String> packages = new TreeSet<>();
        try (ZipInputStream tier = new ZipInputStream(new GZIPInputStream(new ByteArrayInputStream(bytes(
                "META-INF/bpf-agent/prometheus.jar.gz"))))) {
            for (ZipEntry entry = tier.getNextEntry(); entry != null; entry = tier.getNextEntry()) {
                String name = entry.getName();
                if (!entry.isDirectory()) {
                    packages.add(name.replaceFirst("^(io/bpfagent/[a-z]+/).*", "$1"));
                    assertFalse(name.matches("io/bpfagent/prometheus/[A-Za-z]+\\.class"), name);
                    String text = new String(tier.readAllBytes(), StandardCharsets.ISO_8859_1);
                    // The name of the message in its protobuf is the same everywhere, and nothing of the library's.
                    assertFalse(text.contains("io/prometheus/") || text.contains("sun/misc/Unsafe"), name);
                }
            }
        }
        assertEquals(Set.of("io/bpfagent/client/", "io/bpfagent/prometheus/"), packages);
    }

    @Test
    void whatTheBootLoaderGetsIsTiny() throws IOException {
        assertTrue(bytes("META-INF/bpf-agent/boot.jar").length < 64 * 1024);
        assertEquals(Set.of(), files(name -> name.matches(".*/io/bpfagent/boot/.*")));
    }

    @Test
    void jffisInitIsOurs() throws IOException {
        String init = NATIVES + "com/kenai/jffi/Init.class";
        assertEquals(Set.of(init), files(name -> name.matches(".*/jffi/Init(\\$.*)?\\.class")));
        // jffi's own asks the system class loader, and so may get the host's jffi.
        assertFalse(new String(bytes(init), StandardCharsets.ISO_8859_1)
                .contains("getSystemClassLoader"));
    }

    @Test
    void programsAreThereForBothArchitectures() throws IOException {
        for (String arch : new String[] {"x86_64", "arm64"}) {
            assertTrue(bytes(AGENT + "bpf/" + arch + "/thread_state.bpf.o.gz").length > 0);
        }
        assertEquals(Set.of(), files(name -> name.contains("record_layouts")));
    }

    @Test
    void librariesHaveNamesOfTheirOwn() throws IOException {
        Set<String> libraries = files(name -> name.startsWith(LIB));
        for (String name : new String[] {"libbpf", "libelf", "libz"}) {
            assertTrue(libraries.stream().anyMatch(
                    l -> l.endsWith("/" + name + "-bpfagent.so.1")), name);
        }
        assertEquals(Set.of(LIB + "linux-x86_64/index"), files(name -> name.startsWith(LIB)
                && !name.contains("-bpfagent.so") && !name.contains("/libjffi-")));
    }

    @Test
    void manifestNamesTheEntryClass() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            Manifest manifest = jar.getManifest();
            assertEquals("io.bpfagent.BpfAgent", value(manifest, "Premain-Class"));
            assertEquals("io.bpfagent.BpfAgent", value(manifest, "Agent-Class"));
            assertEquals("true", value(manifest, "Can-Retransform-Classes"));
            assertNotNull(value(manifest, "Implementation-Version"));
            // Would show all of ours to every class loader of the host.
            assertNull(value(manifest, "Boot-Class-Path"));
            assertNull(value(manifest, "Class-Path"));
        }
    }

    @Test
    void jarIsSmallerThanItsBound() throws IOException {
        assertTrue(Files.size(JAR) < MAX_BYTES, "bytes: " + Files.size(JAR));
    }

    @Test
    void commandLineCarriesTheSameJar() throws IOException {
        try (JarFile cli = new JarFile(CLI.toFile())) {
            assertNotNull(value(cli.getManifest(), "Main-Class"));
            assertNotNull(cli.getEntry(
                    value(cli.getManifest(), "Main-Class").replace('.', '/') + ".class"));
            byte[] carried = cli.getInputStream(cli.getEntry("bpf-agent.jar")).readAllBytes();
            assertTrue(Arrays.equals(Files.readAllBytes(JAR), carried));
        }
    }

    private static String value(Manifest manifest, String name) {
        return manifest.getMainAttributes().getValue(name);
    }

    private static Set<String> files(Predicate<String> which) throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            return jar.stream().filter(entry -> !entry.isDirectory()).map(JarEntry::getName)
                    .filter(which).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static byte[] bytes(String name) throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            JarEntry entry = jar.getJarEntry(name);
            assertNotNull(entry, name);
            return jar.getInputStream(entry).readAllBytes();
        }
    }
}
