package io.bpfagent.hotspot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.ThreadMetric;
import io.bpfagent.natives.TestNatives;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found from outside is what the JVM finds itself. */
final class ProcessFilesTest {
    private final int pid = (int) ProcessHandle.current().pid();

    @Test
    void findsTheLibraryAndItsProbes() throws IOException {
        LibJvm own = LibJvm.find(new ProcSelfMemory()).value().get();
        LibJvm seen = ProcessFiles.of(pid).libJvm(23).value().get();
        assertEquals(own.path(), seen.path());
        assertEquals(own.base(), seen.base());
        assertEquals(own.usdtSites(), seen.usdtSites());
        assertEquals(23, seen.waitBarrier());
        assertTrue(seen.file().get().startsWith("/proc/" + pid + "/"), seen.file().get());
    }

    @Test
    void findsTheFunctions() throws IOException {
        String libjvm = LibJvm.find(new ProcSelfMemory()).value().get().path();
        List<ThreadMetric> metrics = List.copyOf(CallSites.METRICS);
        CallSites own = CallSites.find(libjvm, metrics, false);
        CallSites seen = CallSites.find(ProcessFiles.of(pid), libjvm, metrics, false);
        assertEquals(own.sites().size(), seen.sites().size());
        for (String file : own.sites().keySet()) {
            assertEquals(own.sites().get(file).size(), seen.sites().get("/proc/" + pid + "/root" + file).size());
        }
    }

    /** A link that leads to /lib there leads to this process's /lib here. */
    @Test
    void followsNoLinksOfAnotherProcess(@TempDir Path directory) throws IOException {
        Path real = Files.createDirectories(Files.createDirectories(directory).toRealPath().resolve("jdk/lib"));
        Files.createFile(real.resolve("libnio.so"));
        Path link = Files.createSymbolicLink(real.resolveSibling("link"), real);
        ProcessFiles other = ProcessFiles.of(pid);
        assertTrue(other.isDirect(real.resolve("libnio.so").toString()));
        assertTrue(other.isDirect(real.resolve("none.so").toString()));
        assertFalse(other.isDirect(link.resolve("libnio.so").toString()));
        assertFalse(other.isDirect(link.toString()));
        assertTrue(ProcessFiles.OWN.isDirect(link.toString()));
        String jvm = link.resolve("server/libjvm.so").toString();
        assertTrue(CallSites.find(other, jvm, List.of(ThreadMetric.values()), false).reasons().values().stream()
                .anyMatch(reason -> reason.contains("is a symbolic link")));
    }

    /** The same with the libraries that root has: nothing is opened that has not been held before. */
    @Test
    void findsTheSameWhereFilesAreHeld(@TempDir Path directory) throws Exception {
        findsTheLibraryAndItsProbes();
        TestNatives.open(directory);
        findsTheLibraryAndItsProbes();
        findsTheFunctions();
        followsNoLinksOfAnotherProcess(directory.resolve("files"));
        Path link = directory.resolve("files/jdk/link/libnio.so");
        assertThrows(IOException.class, () -> ProcessFiles.of(pid).open(link.toString()));
    }

    @Test
    void saysThatThereIsNone() {
        assertFalse(ProcessFiles.of(1 << 30).libJvm(0).found());
    }
}
