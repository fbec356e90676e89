package io.bpfagent.hotspot;

import java.io.IOException;

/**
 * Where a probe costs little: the kernel emulates the instruction under it, or else must single-step it, which takes
 * some 10 us (docs/decisions/0013).
 *
 * <p>Known as cheap are a push, with which half of libjvm's functions begin, a nop, which is what a USDT probe leaves
 * in the code, and an unconditional jump (arch/x86/kernel/uprobes.c). Measured with an event of tracefs on each, on a
 * busy machine: 1.1 to 1.7 us a hit for these, 13 to 29 us for lea, mov, xor, sub, test, ret and endbr64.
 *
 * <p>A probe on a function's begin may stand behind instructions that come before the first of these, as long as the
 * stack is the same there and nothing else leads there or away: a landing pad (endbr64), moves and the like between
 * registers, and loads from the library's own variables. A jump is then the whole rest of the function, which ends with
 * what it jumps to.
 */
public final class CheapSite {
    /** What a single-stepped probe costs, in words. */
    public static final String SLOW = "must be single-stepped: 10 us a call";

    private static final int CODE_BYTES = 32;
    private static final int STACK_POINTER = 4;

    private CheapSite() {
    }

    /**
     * Its offset in the file, or -1 where every place costs too much.
     *
     * @param offset         of the function's or the probe's first instruction in the file
     * @param keepsArguments whether the registers must still hold the arguments
     */
    public static long of(ElfFile file, long offset, boolean keepsArguments) throws IOException {
        String processor = System.getProperty("os.arch", "");
        if (!processor.equals("amd64") && !processor.equals("x86_64")) {
            return offset; // elsewhere all instructions are of one size, and many are emulated
        }
        int into = in(file.code(offset, CODE_BYTES), keepsArguments);
        return into < 0 ? -1 : offset + into;
    }

    /** How far into this code of a function for x86_64 a probe costs least, or -1. */
    static int in(byte[] code, boolean keepsArguments) {
        int at = isPad(code) ? 4 : 0;
        while (at < code.length && !isCheap(code, at)) {
            int bytes = keepsArguments ? 0 : bytesOfHarmless(code, at);
            if (bytes == 0) {
                return -1;
            }
            at += bytes;
        }
        return at < code.length ? at : -1;
    }

    private static int at(byte[] code, int index) {
        return index < code.length ? Byte.toUnsignedInt(code[index]) : 0;
    }

    private static boolean isPad(byte[] code) {
        return at(code, 0) == 0xf3 && at(code, 1) == 0x0f && at(code, 2) == 0x1e && at(code, 3) == 0xfa;
    }

    private static boolean isPush(byte[] code, int at) {
        int first = at(code, at);
        return (first >> 4 == 4 ? at(code, at + 1) : first) >> 3 == 0x50 >> 3;
    }

    private static boolean isCheap(byte[] code, int at) {
        int first = at(code, at);
        return first == 0x90 || first == 0xe9 || first == 0xeb || isPush(code, at);
    }

    /** The length of an instruction that writes one register, not the stack pointer, and does nothing else; or 0. */
    private static int bytesOfHarmless(byte[] code, int begin) {
        int at = begin;
        int prefix = at(code, at) >> 4 == 4 ? at(code, at++) : 0;
        int operation = at(code, at++);
        boolean isWidening = operation == 0x0f;
        if (isWidening) {
            operation = at(code, at++);
        }
        int operands = at(code, at++);
        boolean writesSecond = operation == 0x89 || operation == 0x31;
        // mov, xor and movslq; movzx and movsx
        boolean isKnown = isWidening ? operation >> 4 == 0xb && (operation & 6) == 6
                : writesSecond || operation == 0x8b || operation == 0x33 || operation == 0x63;
        boolean isExtended = (prefix & (writesSecond ? 1 : 4)) != 0;
        int written = writesSecond ? operands & 7 : operands >> 3 & 7;
        if (!isKnown || written == STACK_POINTER && !isExtended) {
            return 0;
        }
        if (operands >> 6 == 3) {
            return at - begin;
        }
        boolean loadsVariable = operation == 0x8b && !isWidening && (operands & 0xc7) == 5;
        return loadsVariable ? at + Integer.BYTES - begin : 0;
    }
}
