package io.bpfagent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TierLoaderTest {
    private static final String PREFIX = "META-INF/bpf-agent/agent/";
    private static final String LIB = "META-INF/bpf-agent/lib/";

    @TempDir
    private Path directory;

    private Path jar;

    /** Stands in the jar under the prefix and, as itself, on the class path. */
    public static final class Sample implements Supplier<String> {
        @Override
        public String get() {
            return Neighbour.WORD.toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** Loaded from within Sample. */
    static final class Neighbour {
        static final String WORD = String.valueOf("HERE");
    }

    @BeforeEach
    void makeJar() throws IOException {
        jar = makeJar("agent.jar", "one");
    }

    private Path makeJar(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Class<?> type : new Class<?>[] {Sample.class, Neighbour.class}) {
                String entry = type.getName().replace('.', '/') + ".class";
                out.putNextEntry(new ZipEntry(PREFIX + entry));
                try (InputStream in = type.getClassLoader().getResourceAsStream(entry)) {
                    in.transferTo(out);
                }
            }
            for (String entry : new String[] {PREFIX + "bpf/text", LIB + "index", "outside"}) {
                out.putNextEntry(new ZipEntry(entry));
                out.write(text.getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }

    private TierLoader loader(ClassLoader parent) throws IOException {
        return new TierLoader(jar.toString(), PREFIX, parent);
    }

    @SuppressWarnings("unchecked")
    private static String use(Class<?> sample) throws Exception {
        return ((Supplier<String>) sample.getDeclaredConstructor().newInstance()).get();
    }

    @Test
    void takesAClassUnderThePrefixBeforeTheParent() throws Exception {
        try (TierLoader loader = loader(Sample.class.getClassLoader())) {
            Class<?> loaded = loader.loadClass(Sample.class.getName());
            assertNotSame(Sample.class, loaded);
            assertSame(loader, loaded.getClassLoader());
            assertEquals("here", use(loaded));
            assertEquals(jar.toUri().toURL(),
                    loaded.getProtectionDomain().getCodeSource().getLocation());
            assertEquals(Sample.class.getPackageName(), loaded.getPackage().getName());
            assertSame(loaded, loader.loadClass(Sample.class.getName()));
        }
    }

    @Test
    void takesEverythingElseFromTheParentAlone() throws Exception {
        try (TierLoader loader = loader(ClassLoader.getPlatformClassLoader())) {
            assertSame(String.class, loader.loadClass("java.lang.String"));
            String junit = Test.class.getName();
            assertThrows(ClassNotFoundException.class, () -> loader.loadClass(junit));
            assertThrows(ClassNotFoundException.class, () -> loader.loadClass("no.such.Class"));
        }
    }

    @Test
    void givesResourcesUnderThePrefixAndTheAgentsOwn() throws Exception {
        try (TierLoader parent = loader(ClassLoader.getPlatformClassLoader());
                TierLoader loader =
                        new TierLoader(jar.toString(), "META-INF/bpf-agent/none/", parent)) {
            assertEquals("one", text(parent.getResourceAsStream("bpf/text")));
            assertEquals("one", text(loader.getResourceAsStream("bpf/text")));
            assertEquals("one", text(loader.getResourceAsStream(LIB + "index")));
            assertNull(loader.getResourceAsStream("outside"));
            assertNull(loader.getResourceAsStream("bpf/none"));
        }
    }

    private static String text(InputStream in) throws IOException {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void goesOnLoadingWhenTheJarIsDeleted() throws Exception {
        try (TierLoader loader = loader(ClassLoader.getPlatformClassLoader())) {
            Files.delete(jar);
            assertEquals("here", use(loader.loadClass(Sample.class.getName())));
        }
    }

    @Test
    void afterClosingOnlyWhatWasLoadedIsThere() throws Exception {
        TierLoader loader = loader(ClassLoader.getPlatformClassLoader());
        Class<?> loaded = loader.loadClass(Sample.class.getName());
        loader.close();
        loader.close();
        assertSame(loaded, loader.loadClass(Sample.class.getName()));
        String other = Neighbour.class.getName();
        assertThrows(ClassNotFoundException.class, () -> loader.loadClass(other));
        assertNull(loader.getResourceAsStream("bpf/text"));
    }

    @Test
    void isCollectedWhenNothingRefersToIt() throws Exception {
        WeakReference<ClassLoader> reference = loadAndForget();
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (reference.get() != null && System.nanoTime() < deadline) {
            System.gc();
            Thread.sleep(10);
        }
        assertNull(reference.get());
    }

    private WeakReference<ClassLoader> loadAndForget() throws Exception {
        try (TierLoader loader = loader(ClassLoader.getPlatformClassLoader())) {
            use(loader.loadClass(Sample.class.getName()));
            return new WeakReference<>(loader);
        }
    }

    @Test
    void readsTheChecksumThatTheBuildHasMade() throws Exception {
        Path made = directory.resolve("made.jar");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(made))) {
            out.putNextEntry(new ZipEntry("META-INF/bpf-agent/natives.checksum"));
            out.write("23".getBytes(StandardCharsets.US_ASCII));
        }
        assertEquals("23", TierLoader.nativesChecksum(made.toString()));
        IOException e = assertThrows(IOException.class, () -> TierLoader.nativesChecksum(jar.toString()));
        assertTrue(e.getMessage().contains("natives.checksum"), e.getMessage());
    }

    @Test
    void refusesAJarThatIsNotThere() {
        IOException e = assertThrows(IOException.class,
                () -> new TierLoader(directory.resolve("none.jar").toString(), PREFIX, null));
        assertTrue(e.getMessage().contains("none.jar"), e.getMessage());
    }
}
