package io.bpfagent.hotspot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.records.RecordLayouts.ArgumentKind;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UsdtArgumentTest {
    private static final int CONSTANT = ArgumentKind.ARGUMENT_CONSTANT;
    private static final int REGISTER = ArgumentKind.ARGUMENT_REGISTER;
    private static final int MEMORY = ArgumentKind.ARGUMENT_MEMORY;

    private static UsdtArgument read(String text, int number, Registers registers) {
        Finding<UsdtArgument> argument = UsdtArgument.read(text, number, registers);
        assertTrue(argument.found(), argument.reason());
        return argument.value().get();
    }

    /** Where struct pt_regs has each register, by its names of 8, 4, 2 and 1 bytes. */
    @ParameterizedTest
    @CsvSource({"0, r15, r15d, r15w, r15b", "8, r14, r14d, r14w, r14b", "16, r13, r13d, r13w, r13b",
            "24, r12, r12d, r12w, r12b", "32, rbp, ebp, bp, bpl", "40, rbx, ebx, bx, bl", "48, r11, r11d, r11w, r11b",
            "56, r10, r10d, r10w, r10b", "64, r9, r9d, r9w, r9b", "72, r8, r8d, r8w, r8b", "80, rax, eax, ax, al",
            "88, rcx, ecx, cx, cl", "96, rdx, edx, dx, dl", "104, rsi, esi, si, sil", "112, rdi, edi, di, dil",
            "152, rsp, esp, sp, spl"})
    void knowsTheRegistersOfX86(int offset, String eight, String four, String two, String one) {
        assertEquals(new UsdtArgument(REGISTER, offset, 0, 8), read("8@%" + eight, 0, Registers.X86_64));
        assertEquals(new UsdtArgument(REGISTER, offset, 0, -4), read("-4@%" + four, 0, Registers.X86_64));
        assertEquals(new UsdtArgument(REGISTER, offset, 0, 2), read("2@%" + two, 0, Registers.X86_64));
        assertEquals(new UsdtArgument(REGISTER, offset, 0, -1), read("-1@%" + one, 0, Registers.X86_64));
        assertEquals(new UsdtArgument(MEMORY, offset, -24, 8), read("8@-24(%" + eight + ")", 0, Registers.X86_64));
        assertFalse(UsdtArgument.read("8@(%" + four + ")", 0, Registers.X86_64).found());
    }

    @Test
    void knowsTheRegistersOfArm64() {
        for (int i = 0; i <= 30; i++) {
            assertEquals(new UsdtArgument(REGISTER, 8 * i, 0, 8), read("8@x" + i, 0, Registers.ARM64));
            assertEquals(new UsdtArgument(REGISTER, 8 * i, 0, -4), read("-4@w" + i, 0, Registers.ARM64));
            assertEquals(new UsdtArgument(MEMORY, 8 * i, 16, 2), read("2@[x" + i + ", 16]", 0, Registers.ARM64));
        }
        assertEquals(new UsdtArgument(REGISTER, 248, 0, 8), read("8@sp", 0, Registers.ARM64));
        assertEquals(new UsdtArgument(MEMORY, 248, 0, 8), read("8@[sp]", 0, Registers.ARM64));
        assertEquals(new UsdtArgument(CONSTANT, 0, 0, -4), read("-4@wzr", 0, Registers.ARM64));
        assertFalse(UsdtArgument.read("8@x31", 0, Registers.ARM64).found());
        assertFalse(UsdtArgument.read("8@[w1]", 0, Registers.ARM64).found());
    }

    /** JDK 17.0.21 of Debian and 25 of Temurin: readelf -n libjvm.so. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // thread__start: name, length, Java id
        "8@%r13 -4@-60(%rbp) -8@-56(%rbp) 8@%r15 1@%al | 0 | 2 |  16 |   0 |  8",
        "8@%r13 -4@-60(%rbp) -8@-56(%rbp) 8@%r15 1@%al | 1 | 3 |  32 | -60 | -4",
        "8@%r13 -4@-60(%rbp) -8@-56(%rbp) 8@%r15 1@%al | 2 | 3 |  32 | -56 | -8",
        "8@%r13 -4@%r14d -8@-64(%rbp) 8@-56(%rbp) 1@%al | 1 | 2 |  8 |   0 | -4",
        "8@%r13 -4@%r14d -8@-64(%rbp) 8@-56(%rbp) 1@%al | 2 | 3 | 32 | -64 | -8",
        // vmops__begin, vmops__end
        "8@%r12 8@%rdx -4@%eax | 0 | 2 | 24 | 0 |  8",
        "8@%r12 8@%rdx -4@%eax | 1 | 2 | 96 | 0 |  8",
        "8@%r14 8@%r15 -4@%eax | 1 | 2 |  0 | 0 |  8",
        // gc__begin
        "1@%dil | 0 | 2 | 112 | 0 | 1",
        "1@$1   | 0 | 1 |   0 | 1 | 1",
        // class__initialization__clinit and __error
        "8@%r13 -4@%r14d 8@%rdi -4@$-1 1@%r15b | 0 | 2 | 16 |  0 |  8",
        "8@%r13 -4@%r14d 8@%rdi -4@$-1 1@%r15b | 3 | 1 |  0 | -1 | -4",
        "8@%rcx -4@%edx 8@%rdi -4@$-1 1@%r15b  | 0 | 2 | 88 |  0 |  8",
        // object__alloc
        "-8@%rax 8@%rdx -4@%ecx -4@%ebx | 3 | 2 | 40 | 0 | -4",
        "-8@%rcx 8@%rax -4@%edx 8@%r12  | 3 | 2 | 24 | 0 |  8",
        // others'
        "8@%r10 8@%rax 8@%rdx -4@%ecx 8@%rsi -4@%edi 8@%r8 -4@%r9d 1@37(%r14) | 8 | 3 | 8 | 37 | 1",
        "-4@$655360 | 0 | 1 | 0 | 655360 | -4",
        "4@$-1 | 0 | 1 | 0 | 4294967295 | 4"})
    void readsWhatHotSpotsBuildsHave(String text, int number, int kind, int register, long value, int bytes) {
        assertEquals(new UsdtArgument(kind, register, value, bytes), read(text, number, Registers.X86_64));
    }

    /** gcc's and clang's ways. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "8@x20 -4@w21 8@[sp, 56] -8@[x29,-24] -4@-1 8@[sp, #16] 1@1 | 0 | 2 | 160 |   0 |  8",
        "8@x20 -4@w21 8@[sp, 56] -8@[x29,-24] -4@-1 8@[sp, #16] 1@1 | 1 | 2 | 168 |   0 | -4",
        "8@x20 -4@w21 8@[sp, 56] -8@[x29,-24] -4@-1 8@[sp, #16] 1@1 | 2 | 3 | 248 |  56 |  8",
        "8@x20 -4@w21 8@[sp, 56] -8@[x29,-24] -4@-1 8@[sp, #16] 1@1 | 3 | 3 | 232 | -24 | -8",
        "8@x20 -4@w21 8@[sp, 56] -8@[x29,-24] -4@-1 8@[sp, #16] 1@1 | 4 | 1 |   0 |  -1 | -4",
        "8@x20 -4@w21 8@[sp, 56] -8@[x29,-24] -4@-1 8@[sp, #16] 1@1 | 5 | 3 | 248 |  16 |  8",
        "8@x20 -4@w21 8@[sp, 56] -8@[x29,-24] -4@-1 8@[sp, #16] 1@1 | 6 | 1 |   0 |   1 |  1"})
    void readsTheFormsOfArm64(String text, int number, int kind, int register, long value, int bytes) {
        assertEquals(new UsdtArgument(kind, register, value, bytes), read(text, number, Registers.ARM64));
    }

    @ParameterizedTest
    @ValueSource(strings = {"8@(%rax,%rbx,8)", "8@16(%rax,%rbx)", "8@gc_name(%rip)", "8@-8(%rip)", "8@$gc_name",
            "8@%xmm0", "8f@%rax", "8@%st", "3@%rax", "@%rax", "8@", "8", "8@rax", "8@(%rax", "8@%", "8@$", "8@()",
            "8@(%)", "x@%rax", "", " ", "8@%ah", "8@$0x", "8@$99999999999999999999", "8@1x(%rax)", "--8@%rax"})
    void saysWhatItCannotRead(String text) {
        Finding<UsdtArgument> argument = UsdtArgument.read(text, 0, Registers.X86_64);
        assertEquals("argument 0 of \"" + text + "\" cannot be read", argument.reason());
    }

    @ParameterizedTest
    @ValueSource(strings = {"8@[sp, 16]!", "8@[x0, x1]", "8@[x0", "8@d0", "8@v3", "8@[]", "8@[sp, ]", "8@[x0, 1, 2]",
            "8@%rax", "8@[sp], 16", "8@#", "8@x"})
    void saysWhatItCannotReadOfArm64(String text) {
        assertFalse(UsdtArgument.read(text, 0, Registers.ARM64).found());
    }

    @Test
    void aMissingArgumentIsNotFound() {
        assertFalse(UsdtArgument.read("8@%rax -4@%ecx", 2, Registers.X86_64).found());
        assertFalse(UsdtArgument.read("", 3, Registers.ARM64).found());
        assertEquals(88, read("  8@%rax   -4@%ecx  ", 1, Registers.X86_64).registerOffset());
    }

    /** What is written is what is read, wherever it stands. */
    @ParameterizedTest
    @EnumSource(Registers.class)
    void readsWhatAnAssemblerWrites(Registers registers) {
        Random random = new Random(23);
        for (int round = 0; round < 2_000; round++) {
            int count = 1 + random.nextInt(6);
            UsdtArgument[] written = new UsdtArgument[count];
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < count; i++) {
                written[i] = any(random, registers);
                text.append(i == 0 ? "" : " ").append(written[i].bytes()).append('@')
                        .append(operand(random, written[i], registers));
            }
            for (int i = 0; i < count; i++) {
                assertEquals(written[i], read(text.toString(), i, registers), text::toString);
            }
        }
    }

    private static UsdtArgument any(Random random, Registers registers) {
        int bytes = 1 << random.nextInt(4);
        boolean signed = random.nextBoolean();
        int kind = 1 + random.nextInt(3);
        long number = random.nextLong() >> random.nextInt(64);
        int register = registers == Registers.ARM64 ? random.nextInt(32) : random.nextInt(15);
        if (kind == CONSTANT) {
            int unused = 64 - 8 * bytes;
            return new UsdtArgument(kind, 0,
                    signed ? number << unused >> unused : number << unused >>> unused, signed ? -bytes : bytes);
        }
        return new UsdtArgument(kind, 8 * register, kind == MEMORY ? number : 0, signed ? -bytes : bytes);
    }

    private static String operand(Random random, UsdtArgument argument, Registers registers) {
        boolean arm = registers == Registers.ARM64;
        String number = random.nextBoolean() || argument.value() == Long.MIN_VALUE ? Long.toString(argument.value())
                : (argument.value() < 0 ? "-0x" : "0x") + Long.toHexString(Math.abs(argument.value()));
        if (argument.kind() == CONSTANT) {
            return (arm ? "" : "$") + number;
        }
        String[] x86 = {"r15", "r14", "r13", "r12", "rbp", "rbx", "r11", "r10", "r9", "r8", "rax", "rcx", "rdx", "rsi",
            "rdi"};
        int index = argument.registerOffset() / 8;
        String register = !arm ? "%" + x86[index] : index == 31 ? "sp" : "x" + index;
        if (argument.kind() == REGISTER) {
            return register;
        }
        String distance = argument.value() == 0 && random.nextBoolean() ? "" : number;
        if (!arm) {
            return distance + "(" + register + ")";
        }
        String separated = distance.isEmpty() ? "" : (random.nextBoolean() ? ", " : ",#") + distance;
        return "[" + register + separated + "]";
    }

    @Test
    void countsTheArguments() {
        assertEquals(0, UsdtArgument.count(""));
        assertEquals(0, UsdtArgument.count("  "));
        assertEquals(1, UsdtArgument.count("8@%r12"));
        assertEquals(3, UsdtArgument.count(" 8@%r12 -4@-60(%rbp)  1@$1 "));
        assertEquals(2, UsdtArgument.count("-4@[sp, 60] 8@x0"));
    }

    /** The calling conventions of the two processors. */
    @Test
    void knowsWhereAFunctionHasItsArguments() {
        int[] x86 = {14, 13, 12, 11, 9, 8};
        for (int i = 0; i < 6; i++) {
            assertEquals(8 * x86[i], UsdtArgument.ofFunction(i, Registers.X86_64).registerOffset());
            assertEquals(8 * i, UsdtArgument.ofFunction(i, Registers.ARM64).registerOffset());
            assertEquals(-8, UsdtArgument.ofFunction(i, Registers.X86_64).bytes());
        }
    }
}
