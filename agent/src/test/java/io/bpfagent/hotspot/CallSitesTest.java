package io.bpfagent.hotspot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.ThreadMetric;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** In the libraries of the JVM that runs the tests. */
final class CallSitesTest {
    private static final List<ThreadMetric> ALL = List.copyOf(CallSites.METRICS);

    private static String libJvm() throws IOException {
        return Mapping.ofLibrary("libjvm.so").get(0).path();
    }

    private static List<CallSite> all(CallSites found) {
        List<CallSite> all = new ArrayList<>();
        found.sites().values().forEach(all::addAll);
        return all;
    }

    private static Set<String> names(CallSites found, ThreadMetric metric) {
        Set<String> names = new HashSet<>();
        all(found).stream().filter(site -> site.metric() == metric).forEach(site -> names.add(site.name()));
        return names;
    }

    @Test
    @EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
    void areFoundInThisJvm() throws IOException {
        CallSites found = CallSites.find(libJvm(), ALL);
        assertEquals(Map.of(), found.reasons());
        assertEquals(Set.of("open64"), names(found, ThreadMetric.FILE_OPEN));
        assertEquals(Set.of("getaddrinfo"), names(found, ThreadMetric.DNS));
        Set<String> sync = names(found, ThreadMetric.FILE_SYNC);
        assertTrue(sync.stream().anyMatch(name -> name.endsWith("FileDispatcherImpl_force0")), sync::toString);
        assertTrue(sync.stream().anyMatch(name -> name.startsWith("Java_java_io_FileDescriptor_sync")), sync::toString);
        assertTrue(names(found, ThreadMetric.SOCKET_CONNECT).contains("Java_sun_nio_ch_Net_connect0"));
        assertTrue(names(found, ThreadMetric.SOCKET_ACCEPT).contains("Java_sun_nio_ch_Net_accept"));
    }

    /** What else is single-stepped: 10 us a call. */
    @Test
    @EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
    void beginWithAPush() throws Exception {
        for (CallSite site : all(CallSites.find(libJvm(), ALL))) {
            try (RandomAccessFile file = new RandomAccessFile(site.file(), "r")) {
                file.seek(site.offset());
                int first = file.read();
                int code = first >> 4 == 4 ? file.read() : first;
                assertEquals(0x50, code & 0xf8, site.toString());
            }
        }
    }

    @Test
    void standUnderTheFileTheyAreIn() throws IOException {
        CallSites found = CallSites.find(libJvm(), ALL);
        found.sites().forEach((file, sites) -> sites.forEach(site -> assertEquals(file, site.file())));
        assertEquals(all(found).size(), all(found).stream().map(CallSite::name).distinct().count());
        all(found).forEach(site -> assertEquals(site.metric() == ThreadMetric.FILE_OPEN, site.canFail()));
    }

    @Test
    void areThoseThatAreWanted() throws IOException {
        assertEquals(new CallSites(Map.of(), Map.of()), CallSites.find(libJvm(), List.of()));
        assertEquals(new CallSites(Map.of(), Map.of()), CallSites.find(libJvm(), List.of(ThreadMetric.BLOCK_READ)));
        all(CallSites.find(libJvm(), List.of(ThreadMetric.DNS)))
                .forEach(site -> assertEquals(ThreadMetric.DNS, site.metric()));
    }

    @Test
    void aDirectoryWithoutTheLibrariesGivesAReason(@TempDir Path directory) {
        CallSites found = CallSites.find(directory.resolve("lib/server/libjvm.so").toString(),
                List.of(ThreadMetric.FILE_SYNC, ThreadMetric.SOCKET_CONNECT));
        assertEquals(Map.of(), found.sites());
        assertEquals("there is no " + directory.resolve("lib/libnio.so"),
                found.reasons().get(ThreadMetric.SOCKET_CONNECT));
        assertTrue(found.reasons().get(ThreadMetric.FILE_SYNC).startsWith("there is no " + directory));
    }

    @Test
    void aLibraryThatIsNoneGivesAReason(@TempDir Path directory) throws Exception {
        Files.createDirectories(directory.resolve("lib/server"));
        String libJvm = directory.resolve("lib/server/libjvm.so").toString();
        for (int bytes : new int[] {0, 63, 4096}) {
            Files.write(directory.resolve("lib/libnio.so"), new byte[bytes]);
            CallSites found = CallSites.find(libJvm, List.of(ThreadMetric.SOCKET_ACCEPT));
            assertEquals(Map.of(), found.sites());
            assertEquals(Set.of(ThreadMetric.SOCKET_ACCEPT), found.reasons().keySet());
            assertFalse(found.reasons().get(ThreadMetric.SOCKET_ACCEPT).isEmpty());
        }
    }

    @Test
    void aLibraryWithoutTheFunctionsGivesAReason(@TempDir Path directory) throws Exception {
        Files.createDirectories(directory.resolve("lib/server"));
        Files.copy(Path.of(libJvm()).resolveSibling("../libjava.so"),
                directory.resolve("lib/libnio.so"));
        assertEquals("libnio.so has none of the functions Java_sun_nio_ch_Net_accept,"
                + " Java_sun_nio_ch_UnixDomainSockets_accept0",
                CallSites.find(directory.resolve("lib/server/libjvm.so").toString(),
                        List.of(ThreadMetric.SOCKET_ACCEPT)).reasons().get(ThreadMetric.SOCKET_ACCEPT));
    }

    /** Of no libjvm only what the C library does is known. */
    @Test
    void anUnknownJvmHasTheCLibrarys() {
        CallSites found = CallSites.find("", ALL);
        assertEquals(Set.of(ThreadMetric.FILE_SYNC, ThreadMetric.SOCKET_CONNECT, ThreadMetric.SOCKET_ACCEPT),
                found.reasons().keySet());
        assertEquals(1, found.sites().size());
    }
}
