package io.bpfagent.hotspot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
final class CheapSiteTest {
    @TempDir
    private Path directory;

    /** -1 is what the kernel must single-step. */
    @ParameterizedTest
    @CsvSource({"55, 0, push %rbp", "4154, 0, push %r12", "4055, 0, push with an empty prefix", "90, 0, nop",
        "e900000000, 0, jmp", "eb00, 0, short jmp", "f30f1efa55, 4, push behind endbr64",
        "f30f1efa4157, 4, push %r15 behind endbr64", "f30f1efa803d, -1, cmpb behind endbr64", "803d00, -1, cmpb",
        "488d05, -1, lea", "4889f8, -1, mov", "c3, -1, ret", "31c0, -1, xor", "4883ec08, -1, sub",
        "0f1f440000, -1, long nop", "6690, -1, wide nop"})
    void knowsWhatTheKernelEmulates(String code, long expected, String instruction) throws Exception {
        byte[] bytes = new byte[100];
        bytes[0] = 0x7f;
        bytes[1] = 'E';
        bytes[2] = 'L';
        bytes[3] = 'F';
        bytes[4] = 2;
        bytes[5] = 1;
        byte[] instructions = HexFormat.of().parseHex(code);
        System.arraycopy(instructions, 0, bytes, 64, instructions.length);
        try (ElfFile file = new ElfFile(Files.write(directory.resolve("x.so"), bytes).toString())) {
            assertEquals(expected < 0 ? -1 : 64 + expected, CheapSite.of(file, 64, true), instruction);
        }
    }
}
