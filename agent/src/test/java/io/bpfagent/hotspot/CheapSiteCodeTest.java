package io.bpfagent.hotspot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On the first bytes of functions as compilers make them, for x86_64. */
final class CheapSiteCodeTest {
    private static int in(String code, boolean keepsArguments) {
        return CheapSite.in(HexFormat.ofDelimiter(" ").parseHex(code), keepsArguments);
    }

    @ParameterizedTest
    @CsvSource({
        "55 48 89 e5, 0, push %rbp",
        "41 57 41 56, 0, push %r15",
        "f3 0f 1e fa 55 48, 4, endbr64 and push",
        "48 8b 15 71 70 01 00 e9 04 70 00 00, 7, mov variable(%rip) %rdx; jmp",
        "4c 8b 05 f9 6d 01 00 0f b6 c9 e9 00 00 00 00, 10, mov variable(%rip) %r8; movzbl %cl %ecx; jmp",
        "4c 8b 05 91 3d 01 00 31 c9 eb 10, 9, mov variable(%rip) %r8; xor %ecx %ecx; jmp",
        "48 89 d6 48 63 d1 53, 6, mov %rdx %rsi; movslq %ecx %rdx; push %rbx",
        "49 89 d4 41 54, 3, mov %rdx %r12; push %r12",
        "80 3d 2d 6a 0e 00 00 74 14, -1, cmpb $0 variable(%rip): as libc's read begins",
        "48 83 ec 18 e9 00 00 00 00, -1, sub $24 %rsp",
        "48 89 c4 55, -1, mov %rax %rsp",
        "8b 06 55, -1, mov (%rsi) %eax: it may fault",
        "74 05 55, -1, je",
        "e8 00 00 00 00 55, -1, call",
        "c3 55, -1, ret",
        "48 89 d6, -1, nothing of that in what was read",
    })
    void findsTheFirstPushOrJumpBehindWhatDoesNoHarm(String code, int into, String what) {
        assertEquals(into, in(code, false), what);
    }

    @ParameterizedTest
    @CsvSource({
        "55 48 89 d6, 0, push %rbp",
        "f3 0f 1e fa 55 48, 4, endbr64 and push",
        "48 89 d6 55, -1, mov %rdx %rsi",
    })
    void goesBehindNothingThatMayChangeAnArgument(String code, int into, String what) {
        assertEquals(into, in(code, true), what);
    }
}
