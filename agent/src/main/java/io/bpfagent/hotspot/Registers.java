package io.bpfagent.hotspot;

/**
 * The general registers of a processor: how the assembler calls them, and where the kernel keeps them while a
 * probe is handled.
 */
public enum Registers {
    /** struct pt_regs of arch/x86/include/asm/ptrace.h, each with the names of its parts. */
    X86_64(" r15 r15d r15w r15b ", " r14 r14d r14w r14b ", " r13 r13d r13w r13b ", " r12 r12d r12w r12b ",
            " rbp ebp bp bpl ", " rbx ebx bx bl ", " r11 r11d r11w r11b ", " r10 r10d r10w r10b ",
            " r9 r9d r9w r9b ", " r8 r8d r8w r8b ", " rax eax ax al ", " rcx ecx cx cl ", " rdx edx dx dl ",
            " rsi esi si sil ", " rdi edi di dil ", "", "", "", "", " rsp esp sp spl "),
    /** struct user_pt_regs of arch/arm64/include/uapi/asm/ptrace.h. */
    ARM64(" x0 w0 ", " x1 w1 ", " x2 w2 ", " x3 w3 ", " x4 w4 ", " x5 w5 ", " x6 w6 ", " x7 w7 ", " x8 w8 ",
            " x9 w9 ", " x10 w10 ", " x11 w11 ", " x12 w12 ", " x13 w13 ", " x14 w14 ", " x15 w15 ",
            " x16 w16 ", " x17 w17 ", " x18 w18 ", " x19 w19 ", " x20 w20 ", " x21 w21 ", " x22 w22 ",
            " x23 w23 ", " x24 w24 ", " x25 w25 ", " x26 w26 ", " x27 w27 ", " x28 w28 ", " x29 w29 ",
            " x30 w30 ", " sp wsp ");

    /** In the order of the structure, 8 bytes each; the whole register's name first. */
    private final String[] names;

    Registers(String... names) {
        this.names = names;
    }

    /** Those of the processor that this runs on. */
    public static Registers own() {
        String processor = System.getProperty("os.arch", "");
        return processor.equals("aarch64") || processor.equals("arm64") ? ARM64 : X86_64;
    }

    /** Where the register stands of which this is the name or a part's, in bytes; -1 when it is none of them. */
    int offset(String name) {
        String word = ' ' + name + ' ';
        for (int i = 0; i < names.length; i++) {
            if (names[i].contains(word)) {
                return i * Long.BYTES;
            }
        }
        return -1;
    }

    /** As {@link #offset}, of whole registers only: part of one is no address. */
    int addressOffset(String name) {
        int offset = offset(name);
        return offset >= 0 && names[offset / Long.BYTES].startsWith(name, 1) ? offset : -1;
    }
}
