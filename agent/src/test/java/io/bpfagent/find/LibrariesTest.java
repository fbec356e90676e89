package io.bpfagent.find;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process of which there are only its maps and a root. */
final class LibrariesTest {
    private static final String MAPS = """
            55d0-55d1 r--p 00000000 fe:00 1 /jdk/bin/java
            7f01-7f02 r--p 00000000 fe:00 2                          /jdk/lib/server/libjvm.so
            7f02-7f03 r-xp 00001000 fe:00 2                          /jdk/lib/server/libjvm.so
            7f03-7f04 rw-p 00000000 00:00 0
            7f04-7f05 r--p 00000000 fe:00 3                          /lib/libc.so.6
            7f05-7f06 r--p 00000000 fe:00 4                          /a/libz.so.1
            7f06-7f07 r--p 00000000 fe:00 5                          /b/libz.so.1
            7f07-7f08 r--p 00000000 fe:00 6                          /lib/libpthread-2.31.so
            7f08-7f09 r--p 00000000 fe:00 7                          /lib/libold.so (deleted)
            7f09-7f0a r--p 00000000 fe:00 8                          /app.so.d/data.bin
            7f0a-7f0b r--s 00000000 fe:00 9                          [anon:libfake.so]
            """;

    @TempDir
    private Path root;
    private Libraries libraries;

    @BeforeEach
    void make() throws IOException {
        libraries = new Libraries(Files.writeString(root.resolve("maps"), MAPS).toString(), root.toString());
    }

    @Test
    void areThoseThatAreMappedEachOnce() {
        assertEquals(List.of("/jdk/lib/server/libjvm.so", "/lib/libc.so.6", "/a/libz.so.1", "/b/libz.so.1",
                "/lib/libpthread-2.31.so"), libraries.all().stream().map(Library::path).toList());
        assertEquals(root + "/lib/libc.so.6", libraries.all().get(1).file());
    }

    @ParameterizedTest
    @CsvSource({"libjvm, /jdk/lib/server/libjvm.so", "libjvm.so, /jdk/lib/server/libjvm.so", "libc, /lib/libc.so.6",
        "libc.so, /lib/libc.so.6", "libc.so.6, /lib/libc.so.6", "libpthread.so.0, /lib/libpthread-2.31.so",
        "libpthread, /lib/libpthread-2.31.so", "libpthread-2.31.so, /lib/libpthread-2.31.so"})
    void areFoundWithOrWithoutTheirVersion(String name, String path) throws Exception {
        assertEquals(path, libraries.find(name).path());
    }

    @Test
    void theJdksOwnNeedNotBeMapped() throws Exception {
        Files.createDirectories(root.resolve("jdk/lib"));
        Files.createFile(root.resolve("jdk/lib/libnio.so"));
        assertEquals("/jdk/lib/libnio.so", libraries.find("libnio").path());
        assertEquals(root + "/jdk/lib/libnio.so", libraries.find("libnio.so").file());
    }

    @Test
    void afterChrootAreThoseBelowItsRoot() throws Exception {
        Path link = Files.createSymbolicLink(root.resolve("link"), Path.of("/srv/app"));
        Path maps = Files.writeString(root.resolve("inside"), MAPS.replace("/lib/", "/srv/app/lib/"));
        Libraries inside = new Libraries(maps.toString(), link.toString());
        assertEquals("/lib/libc.so.6", inside.find("libc").path());
        assertEquals(link + "/lib/libc.so.6", inside.find("libc").file());
        assertEquals("/a/libz.so.1", inside.all().get(2).path());
    }

    @Test
    void aPathNeedsNoMapping() throws Exception {
        Files.createFile(root.resolve("x.so"));
        assertEquals("/x.so", libraries.find("/x.so").path());
        refuses("/y.so", "No such library (there is no file /y.so).");
    }

    @Test
    void whatIsNotThereIsRefusedWithTheNearest() {
        refuses("libjmv", "No such library (libjmv is not mapped. Nearest: libjvm). Name a mapped one, or a file by its"
                + " path.");
        refuses("libc.so.7", "No such library (libc.so.7 is not mapped. Nearest: libc.so.6).");
        refuses("libcrypt", "No such library (libcrypt is not mapped");
        refuses("libold", "No such library (the mapped /lib/libold.so has been replaced or deleted)");
        refuses("libfake", "No such library (libfake is not mapped");
        refuses("libz", "More than one library (libz is /a/libz.so.1 or /b/libz.so.1). Name one by its path.");
    }

    /** What is printed for it leads back to it. */
    @Test
    void theShortNameMeansTheLibrary() throws Exception {
        assertEquals(List.of("libjvm", "libc.so.6", "/a/libz.so.1", "/b/libz.so.1", "libpthread-2.31"),
                libraries.all().stream().map(libraries::shortName).toList());
        for (Library library : List.of(libraries.all().get(0), libraries.all().get(1), libraries.all().get(4))) {
            assertEquals(library, libraries.find(libraries.shortName(library)));
        }
    }

    private void refuses(String name, String begin) {
        String message = assertThrows(ProbeException.class, () -> libraries.find(name)).getMessage();
        assertTrue(message.startsWith(begin), message);
    }
}
