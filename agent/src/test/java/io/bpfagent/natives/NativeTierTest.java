package io.bpfagent.natives;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** With jffi's own library and the build machine's libbpf, which the build needs anyway. */
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
final class NativeTierTest {
    private static final String FOLDER = "META-INF/bpf-agent/lib/linux-x86_64/";
    private static final int EBADF = 9;
    private static final int EINVAL = 22;

    @TempDir
    private Path directory;

    /** A class loader that has libjffi and the index, as the jar does. */
    private ClassLoader source() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("jar").resolve(FOLDER));
        Files.writeString(folder.resolve("index"), "libjffi-1.2.so\n");
        Path file = folder.resolve("libjffi-1.2.so");
        if (!Files.exists(file)) {
            try (InputStream in =
                    NativeTier.class.getResourceAsStream("/jni/x86_64-Linux/libjffi-1.2.so")) {
                Files.copy(in, file);
            }
        }
        return new URLClassLoader(new URL[] {directory.resolve("jar").toUri().toURL()}, null);
    }

    private Path tmpdir() throws IOException {
        return Files.createDirectories(directory.resolve("tmp"));
    }

    private NativeTier open(String libbpf) throws Exception {
        return NativeTier.openLibraries(source(), tmpdir().toString(), libbpf);
    }

    @Test
    void callsLibbpfAndKeepsErrno() throws Exception {
        NativeTier natives = open("system");
        assertTrue(natives.libbpfVersion().startsWith("1."), natives.libbpfVersion());

        long object = natives.libBpf().bpf_object__open_mem(0, 0, 0);
        assertEquals(0, object);
        assertEquals(EINVAL, NativeTier.errno());
        assertEquals("EINVAL (Invalid argument)", natives.errorText(-EINVAL));
        assertTrue(natives.errorText(4007).startsWith("errno 4007 ("), natives.errorText(4007));
    }

    @Test
    void callsLibc() throws Exception {
        LibC libc = open("system").libC();
        assertEquals(ProcessHandle.current().pid(), libc.getpid());
        assertEquals(-1, libc.close(-1));
        assertEquals(EBADF, NativeTier.errno());
    }

    @Test
    void mapsMemoryThatJavaReads() throws Exception {
        LibC libc = open("system").libC();
        int anonymous = 0x20;
        long address = libc.mmap(0, 4096, LibC.PROT_READ | LibC.PROT_WRITE,
                LibC.MAP_SHARED | anonymous, -1, 0);
        assertTrue(address != LibC.MAP_FAILED);
        ByteBuffer buffer = NativeMemory.bufferAt(address, 4096);
        buffer.putLong(8, 23);
        try (NativeMemory copy = NativeMemory.allocate(8);
                NativeMemory from = NativeMemory.allocate(16);
                NativeMemory to = NativeMemory.allocate(16)) {
            from.buffer().putLong(address + 8).putLong(8);
            to.buffer().putLong(copy.address()).putLong(8);
            assertEquals(8,
                    libc.process_vm_readv(libc.getpid(), to.address(), 1, from.address(), 1, 0));
            assertEquals(23, copy.buffer().getLong(0));
        }
        assertEquals(0, libc.munmap(address, 4096));
    }

    @Test
    void findsSymbolsOfLoadedLibraries() throws Exception {
        open("system");
        String libjvm = System.getProperty("java.home") + "/lib/server/libjvm.so";
        assertTrue(NativeTier.symbolAddress(libjvm, "gHotSpotVMStructs") != 0);
        assertEquals(0, NativeTier.symbolAddress(libjvm, "no_such_symbol"));
        assertEquals(0, NativeTier.symbolAddress("/nowhere/libjvm.so", "gHotSpotVMStructs"));
    }

    @Test
    void leavesNoFilesBehind() throws Exception {
        open("system");
        assertEquals(List.of(), list(tmpdir()));
    }

    @Test
    void theDirectoryIsPrivate() throws Exception {
        try (LibraryFiles files = LibraryFiles.extract(source(), tmpdir().toString())) {
            Path made = files.files().get(0).getParent();
            assertEquals("rwx------", java.nio.file.attribute.PosixFilePermissions.toString(
                    Files.getPosixFilePermissions(made)));
            assertTrue(made.getFileName().toString()
                    .startsWith("bpf-agent-" + ProcessHandle.current().pid() + "-"));
            assertEquals("libjffi-1.2.so", files.files().get(0).getFileName().toString());
            files.close();
            assertFalse(Files.exists(made));
        }
    }

    @Test
    void aDirectoryThatIsNotThereNamesTheOption() throws Exception {
        String message = assertThrows(NativeTierException.class,
                () -> LibraryFiles.extract(source(), "/nowhere/at/all")).getMessage();
        assertTrue(message.startsWith("Cannot extract the native libraries: "),
                message);
        assertTrue(message.contains(" tmpdir="), message);
    }

    @Test
    void aJarWithoutLibrariesForThisArchitectureSaysSo() {
        ClassLoader empty = new URLClassLoader(new URL[0], null);
        String message = assertThrows(NativeTierException.class,
                () -> LibraryFiles.extract(empty, tmpdir().toString())).getMessage();
        assertTrue(message.contains("linux-x86_64"), message);
    }

    @Test
    void aNoexecDirectoryNamesTheOption() {
        NativeTierException e = NativeTier.notLoaded(Path.of("/mnt/bpf-agent-1-2/libjffi-1.2.so"),
                "libjffi-1.2.so: failed to map segment from shared object");
        assertTrue(e.getMessage().startsWith("Cannot load the native libraries: /mnt does not"
                + " allow execution (mount option noexec). Set tmpdir="), e.getMessage());
    }

    @Test
    void aLibbpfThatIsMissingSaysWhichOne() throws Exception {
        String message = assertThrows(NativeTierException.class,
                () -> open("/nowhere/libbpf.so.1")).getMessage();
        assertTrue(message.startsWith("Cannot use libbpf: /nowhere/libbpf.so.1: "), message);
        assertTrue(message.contains("(libbpf=/nowhere/libbpf.so.1)"), message);
    }

    @Test
    void aLibraryThatIsNotLibbpfSaysWhatIsMissing() throws Exception {
        String libjvm = System.getProperty("java.home") + "/lib/server/libjvm.so";
        String message = assertThrows(NativeTierException.class, () -> open(libjvm)).getMessage();
        assertTrue(message.startsWith("Cannot use libbpf: it has no function "), message);
    }

    @Test
    void memoryIsZeroedAndClosingTwiceIsHarmless() throws Exception {
        open("system");
        NativeMemory memory = NativeMemory.allocate(64);
        assertEquals(0, memory.buffer().getLong(56));
        memory.close();
        memory.close();
        assertThrows(IllegalStateException.class, memory::address);
        assertThrows(IllegalArgumentException.class, () -> NativeMemory.allocate(0));
        try (NativeMemory text = NativeMemory.ofString("caf\u00e9")) {
            assertEquals("caf\u00e9", NativeMemory.stringAt(text.address()));
        }
        assertThrows(IllegalArgumentException.class, () -> NativeMemory.bufferAt(0, 8));
        assertNotNull(NativeMemory.of(new byte[0]));
    }

    private static List<Path> list(Path directory) throws IOException {
        List<Path> result = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(result::add);
        }
        return result;
    }

    @Test
    void whatWasFreedIsResidentNoLonger() throws Exception {
        NativeTier natives = open("system");
        // Small enough for the heap, where large ones have mappings of their own.
        NativeMemory[] blocks = new NativeMemory[3_000];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = NativeMemory.allocate(8 * 1024);
        }
        // The last one keeps the heap from getting shorter by itself.
        for (int i = 0; i < blocks.length - 1; i++) {
            blocks[i].close();
        }
        long before = residentKib();
        FreedMemory.giveBack(natives.libC());
        long after = residentKib();
        blocks[blocks.length - 1].close();
        assertTrue(after < before - 12_000, before + " KiB have become " + after);
    }

    private static long residentKib() throws IOException {
        return Long.parseLong(Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("RssAnon:")).findFirst().orElseThrow().replaceAll("\\D", ""));
    }
}
