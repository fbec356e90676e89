package io.bpfagent.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.Losses;
import io.bpfagent.correlation.Snapshot;
import io.bpfagent.report.FakeAgent;
import io.bpfagent.report.Probe;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtensionsTest {
    private static final Snapshot SNAPSHOT = new Snapshot(2, 1, List.of(), List.of(), Losses.NONE);
    private static final String CANNOT = "Cannot load an extension: ";
    private static final String SEE = " All else works. See TROUBLESHOOTING.md, \"Cannot load an extension\".";

    @TempDir
    Path directory;
    private final FakeAgent agent = new FakeAgent();
    private final List<String> told = new ArrayList<>();
    private final Exports exports = new Exports(agent, System.getProperty("java.io.tmpdir"), told::add);

    @AfterEach
    void close() {
        exports.close();
        System.clearProperty("sample.closed");
    }

    private static ExportSettings of(Path... jars) {
        return new ExportSettings(ExportSettings.DEFAULT.prometheus(), List.of(jars), JfrMode.OFF);
    }

    private String refused(Path jar) {
        exports.open(of(jar));
        assertEquals(1, told.size(), told::toString);
        Probe probe = exports.probes().get(0);
        assertEquals(List.of(new Probe(jar.getFileName().toString(), Probe.FAILED, told.get(0), 0, 0)),
                exports.probes());
        exports.update(SNAPSHOT);
        exports.look();
        assertTrue(probe.detail().lines().count() == 1 && probe.detail().length() < 600, probe.detail());
        return told.get(0);
    }

    @Test
    void anExtensionGetsSnapshotsUntilItIsClosed() throws Exception {
        exports.open(of(ExtensionJars.jar(directory, "a.jar", "", "")));
        exports.update(SNAPSHOT);
        exports.update(SNAPSHOT);
        assertEquals(List.of(new Probe("a.jar", Probe.ATTACHED, "seen 2 of " + agent.version(), 0, 0)),
                exports.probes());
        exports.close();
        exports.close();
        assertEquals("after 2", System.getProperty("sample.closed"));
        assertEquals(List.of(), told);
        assertEquals(List.of(), exports.probes());
    }

    @Test
    void oneThatThrowsIsClosedAndToldOnce() throws Exception {
        exports.open(of(ExtensionJars.jar(directory, "a.jar", "",
                "if (seen == 2) throw new NoSuchMethodError(\"not there\");")));
        for (int i = 0; i < 4; i++) {
            exports.update(SNAPSHOT);
        }
        assertEquals("after 2", System.getProperty("sample.closed"));
        assertEquals(List.of("Extension closed: a.jar: java.lang.NoSuchMethodError: not there. All else works; please"
                + " report it to whoever made it. See TROUBLESHOOTING.md, \"Extension closed\"."), told);
        assertEquals(List.of(new Probe("a.jar", Probe.FAILED, told.get(0), 0, 0)), exports.probes());
    }

    @Test
    void oneThatIsNotThereIsTold() {
        Path jar = directory.resolve("none.jar");
        assertEquals(CANNOT + jar + ": this JVM sees no such file. Give the jar's path as the JVM sees it, in a"
                + " container"
                + " that within it." + SEE, refused(jar));
    }

    @Test
    void aJarOfSomethingElseIsTold() throws Exception {
        Path jar = ExtensionJars.jar(directory, "a.jar", "1", false, "", "");
        assertEquals(CANNOT + jar + ": it is no extension of bpf-agent. An extension's manifest has"
                + " Bpf-Agent-Extension,"
                + " and its META-INF/services names its factory." + SEE, refused(jar));
    }

    @Test
    void oneWithoutASchemaIsNoExtension() throws Exception {
        assertTrue(refused(ExtensionJars.jar(directory, "a.jar", null, true, "", ""))
                .contains(": it is no extension of bpf-agent. "));
    }

    @Test
    void oneForAnotherAgentIsTold() throws Exception {
        Path jar = ExtensionJars.jar(directory, "a.jar", "2", true, "", "");
        assertEquals(CANNOT + jar + ": it is for an agent of schema 2, this one has 1. Take both jars from one"
                + " version of"
                + " bpf-agent." + SEE, refused(jar));
    }

    @Test
    void aFileThatIsNoJarIsTold() throws Exception {
        Path jar = Files.writeString(directory.resolve("a.jar"), "no jar");
        String line = refused(jar);
        assertTrue(line.startsWith(CANNOT + jar + ": ")
                && line.endsWith(". Give it a whole jar that this user may read." + SEE), line);
    }

    @Test
    void whatAnExtensionSaysOfItselfIsTold() throws Exception {
        Path jar = ExtensionJars.jar(directory, "a.jar",
                "if (true) throw new ExtensionException(\"Cannot do it: no. Do that.\");", "");
        assertEquals("Cannot do it: no. Do that.", refused(jar));
    }

    @Test
    void oneThatThrowsWhenItIsOpenedIsTold() throws Exception {
        Path jar = ExtensionJars.jar(directory, "a.jar",
                "if (true) throw new AbstractMethodError(\"a\\nb\");", "");
        assertEquals(CANNOT + jar + ": java.lang.AbstractMethodError: a b. Take both jars from one version of"
                + " bpf-agent, or"
                + " report it." + SEE, refused(jar));
    }

    @Test
    void theyComeAndGoWithSet() throws Exception {
        Path a = ExtensionJars.jar(directory, "a.jar", "", "");
        Path b = ExtensionJars.jar(directory, "b.jar", "", "");
        exports.change(of(), of(a));
        exports.update(SNAPSHOT);
        exports.change(of(a), of(a, b));
        exports.update(SNAPSHOT);
        assertEquals(List.of("seen 2 of " + agent.version(), "seen 1 of " + agent.version()),
                exports.probes().stream().map(Probe::detail).toList());
        exports.change(of(a, b), of(b));
        assertEquals(List.of("b.jar"), exports.probes().stream().map(Probe::name).toList());
        assertEquals("after 2", System.getProperty("sample.closed"));
        exports.change(of(b), of());
        assertEquals(List.of(), exports.probes());
    }

    @Test
    void aChangeThatCannotBeHadChangesNothing() throws Exception {
        Path a = ExtensionJars.jar(directory, "a.jar", "", "");
        Path b = ExtensionJars.jar(directory, "b.jar", "", "");
        exports.open(of(a));
        ExportException refused = assertThrows(ExportException.class,
                () -> exports.change(of(a), of(b, directory.resolve("none.jar"))));
        assertTrue(refused.getMessage().startsWith(CANNOT + directory.resolve("none.jar")), refused::getMessage);
        assertEquals(List.of("a.jar"), exports.probes().stream().map(Probe::name).toList());
        assertEquals("after 0", System.getProperty("sample.closed"));
        exports.update(SNAPSHOT);
        assertEquals("seen 1 of " + agent.version(), exports.probes().get(0).detail());
    }

    @Test
    void oneThatHasFailedCanBeAskedForAgain() throws Exception {
        Path jar = directory.resolve("a.jar");
        refused(jar);
        ExtensionJars.jar(directory, "a.jar", "", "");
        exports.change(of(jar), of(jar));
        assertEquals(List.of(new Probe("a.jar", Probe.ATTACHED, "seen 0 of " + agent.version(), 0, 0)),
                exports.probes());
    }

    @Test
    void nothingOfItStays() throws Exception {
        exports.open(of(ExtensionJars.jar(directory, "a.jar",
                "System.getProperties().put(\"sample.loader\", getClass().getClassLoader());", "")));
        WeakReference<Object> loader = new WeakReference<>(System.getProperties().remove("sample.loader"));
        exports.close();
        for (int i = 0; i < 50 && loader.get() != null; i++) {
            System.gc();
            Thread.sleep(20);
        }
        assertNull(loader.get());
    }
}
