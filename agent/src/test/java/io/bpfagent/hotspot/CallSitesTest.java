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
import java.util.stream.Collectors;
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
        CallSites found = CallSites.find(libJvm(), ALL, true);
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
    void beginWithAPushOrAJump() throws Exception {
        for (CallSite site : all(CallSites.find(libJvm(), ALL, true))) {
            try (RandomAccessFile file = new RandomAccessFile(site.file(), "r")) {
                file.seek(site.offset());
                int first = file.read();
                int code = first >> 4 == 4 ? file.read() : first;
                boolean isJump = first == 0xe9 && site.kind() != CallKind.OF_CHANNEL;
                assertTrue((code & 0xf8) == 0x50 || isJump, site.toString());
            }
        }
    }

    /** Where it can be told where a descriptor stands: what slow events name files and peers by. */
    @Test
    @EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
    void knowWhichArgumentIsADescriptor() throws IOException {
        for (CallSite site : all(CallSites.find(libJvm(), ALL, true))) {
            int expected = switch (site.metric()) {
                case FILE_SYNC -> site.name().contains("FileDescriptor_sync") ? 2 : 3;
                case SOCKET_CONNECT -> site.name().contains("Net_connect0") ? 4 : 3;
                default -> site.kind() == CallKind.OF_CHANNEL ? 3 : 0;
            };
            assertEquals(expected, site.descriptor(), site.toString());
        }
        all(CallSites.find(libJvm(), ALL, false)).forEach(site -> assertEquals(0, site.descriptor(), site.toString()));
    }

    /** Of each kind all that the JDK's classes call: 21 renamed some. */
    @Test
    @EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
    void knowWhatReadsAndWrites() throws IOException {
        boolean isNew = Runtime.version().feature() > 20;
        CallSites found = CallSites.find(libJvm(), List.of(ThreadMetric.FILE_READ, ThreadMetric.FILE_WRITE,
                ThreadMetric.SOCKET_READ, ThreadMetric.SOCKET_WRITE), true);
        assertEquals(Map.of(), found.reasons());
        assertEquals(7, names(found, ThreadMetric.FILE_READ).size());
        assertEquals(7, names(found, ThreadMetric.FILE_WRITE).size());
        assertEquals(5, names(found, ThreadMetric.SOCKET_READ).size());
        assertEquals(isNew ? 6 : 4, names(found, ThreadMetric.SOCKET_WRITE).size());
        // One metric alone needs the channels' functions for the other kind too: either may be given either.
        assertEquals(Set.of(ThreadMetric.FILE_WRITE, ThreadMetric.SOCKET_WRITE),
                all(CallSites.find(libJvm(), List.of(ThreadMetric.SOCKET_WRITE), true)).stream().map(CallSite::metric)
                        .collect(Collectors.toSet()));
    }

    @Test
    @EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
    void leaveOutWhatServesFilesAndSocketsWhereThatCannotBeTold() throws IOException {
        CallSites found = CallSites.find(libJvm(), List.of(ThreadMetric.FILE_WRITE), false);
        Set<String> names = names(found, ThreadMetric.FILE_WRITE);
        assertTrue(names.contains("Java_java_io_FileOutputStream_writeBytes"), names::toString);
        assertFalse(names.contains("Java_sun_nio_ch_FileDispatcherImpl_write0"), names::toString);
        assertEquals(Runtime.version().feature() > 20 ? null
                : "Java_sun_nio_ch_FileDispatcherImpl_writev0 serves files and sockets, and cannot be asked which",
                found.reasons().get(ThreadMetric.FILE_WRITE));
    }

    @Test
    void standUnderTheFileTheyAreIn() throws IOException {
        CallSites found = CallSites.find(libJvm(), ALL, true);
        found.sites().forEach((file, sites) -> sites.forEach(site -> assertEquals(file, site.file())));
        assertEquals(all(found).size(), all(found).stream().map(CallSite::name).distinct().count());
        all(found).forEach(site -> assertEquals(site.metric() == ThreadMetric.FILE_OPEN, site.canFail()));
    }

    @Test
    void areThoseThatAreWanted() throws IOException {
        assertEquals(new CallSites(Map.of(), Map.of()), CallSites.find(libJvm(), List.of(), true));
        assertEquals(new CallSites(Map.of(), Map.of()),
                CallSites.find(libJvm(), List.of(ThreadMetric.BLOCK_READ), true));
        all(CallSites.find(libJvm(), List.of(ThreadMetric.DNS), true))
                .forEach(site -> assertEquals(ThreadMetric.DNS, site.metric()));
    }

    @Test
    void aDirectoryWithoutTheLibrariesGivesAReason(@TempDir Path directory) {
        CallSites found = CallSites.find(directory.resolve("lib/server/libjvm.so").toString(),
                List.of(ThreadMetric.FILE_SYNC, ThreadMetric.SOCKET_CONNECT), true);
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
            CallSites found = CallSites.find(libJvm, List.of(ThreadMetric.SOCKET_ACCEPT), true);
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
                        List.of(ThreadMetric.SOCKET_ACCEPT), true).reasons().get(ThreadMetric.SOCKET_ACCEPT));
    }

    /** Of no libjvm only what the C library does is known. */
    @Test
    void anUnknownJvmHasTheCLibrarys() {
        CallSites found = CallSites.find("", ALL, true);
        Set<ThreadMetric> ofTheJdk = new HashSet<>(ALL);
        ofTheJdk.removeAll(Set.of(ThreadMetric.FILE_OPEN, ThreadMetric.DNS));
        assertEquals(ofTheJdk, found.reasons().keySet());
        assertEquals(1, found.sites().size());
    }
}
