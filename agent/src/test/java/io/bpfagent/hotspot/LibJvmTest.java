package io.bpfagent.hotspot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LibJvmTest {
    @Test
    void isFoundInThisJvm() throws Exception {
        try (ProcSelfMemory memory = new ProcSelfMemory()) {
            Finding<LibJvm> found = LibJvm.find(memory);
            assertTrue(found.found(), found.reason());
            LibJvm jvm = found.value().get();
            assertTrue(jvm.path().startsWith(System.getProperty("java.home")), jvm.path());
            assertEquals(jvm.path(), jvm.file().orElseThrow());
            assertTrue(jvm.tlsBytes() >= 8, jvm.toString());
            assertTrue(jvm.base() > 0);
        }
    }

    @Test
    void givesTheLayoutOfThisJvm() throws Exception {
        try (ProcSelfMemory memory = new ProcSelfMemory()) {
            Finding<HotSpotLayout> layout = HotSpotLayout.read(memory, LibJvm.find(memory).value().orElseThrow());
            assertTrue(layout.found(), layout.reason());
            assertTrue(layout.value().get().osThreadOffset() < layout.value().get().javaThreadBytes());
        }
    }

    @Test
    void isMissingWithAReasonWhenMemoryCannotBeRead() {
        OwnMemory broken = (addresses, count, bytesEach, into, ok) -> Arrays.fill(ok, 0, count, false);
        Finding<LibJvm> found = LibJvm.find(broken);
        assertFalse(found.found());
        assertTrue(found.reason().startsWith("process_vm_readv of the own process does not work"), found.reason());
        HotSpot hotSpot = HotSpot.probe(broken, null);
        assertEquals(found.reason(), hotSpot.reasons().get(0));
    }

    @Test
    void anotherLibraryHasNoSuchSymbol() throws Exception {
        try (ProcSelfMemory memory = new ProcSelfMemory()) {
            List<Mapping> libraries = Mapping.ofLibrary("libc.so");
            assertFalse(libraries.isEmpty(), "a JVM uses the C library");
            MappedElf libc = new MappedElf(memory, libraries.get(0).begin());
            assertNull(libc.symbol(LibJvm.VM_STRUCTS));
            assertTrue(libc.symbol("syscall").bytes() > 0);
        }
    }

    @Test
    void aFileThatIsNoLibraryIsRefused(@TempDir Path directory) throws IOException {
        Path file = Files.write(directory.resolve("libjvm.so"), new byte[4096]);
        assertThrows(IOException.class, () -> new ElfFile(file.toString()));
        Path cut = Files.write(directory.resolve("cut.so"), ByteBuffer.allocate(64).putInt(0x7f454c46)
                .put((byte) 2).put((byte) 1).array());
        try (ElfFile elf = new ElfFile(cut.toString())) {
            assertEquals(-1, elf.symbol("anything"));
            assertEquals(List.of(), elf.usdtSites());
            assertEquals(-1, elf.offsetOf(0));
        }
    }
}
