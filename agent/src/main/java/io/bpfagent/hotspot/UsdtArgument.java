package io.bpfagent.hotspot;

import io.bpfagent.records.RecordLayouts.ArgumentKind;
import java.util.List;

/**
 * Where an argument of a probe stands when its site is hit: {@code struct probe_argument}.
 *
 * <p>The text is what the compiler made of an {@code asm} statement: {@code N@OPERAND}, with the size in
 * bytes, negative for a signed value, and the operand as the assembler writes it. Source: sys/sdt.h and
 * systemtap's wiki, UserSpaceProbeImplementation. Constants, registers and what lies at a distance from a
 * register are read; scaled indexes, addresses relative to the instruction or of a symbol, and
 * floating-point registers are not.
 *
 * @param kind           {@code enum argument_kind}: constant, register or memory
 * @param registerOffset of the register, in what the kernel keeps of them
 * @param value          the constant, or the distance from the register, in bytes
 * @param bytes          its size, negative for a signed value: 1, 2, 4 or 8
 */
public record UsdtArgument(int kind, int registerOffset, long value, int bytes) {
    private static final List<String> X86_ARGUMENTS = List.of("rdi", "rsi", "rdx", "rcx", "r8", "r9");

    /**
     * Reads one.
     *
     * @param text   of a note, e.g. {@code 8@%r12 -4@-60(%rbp)} or {@code 8@x0 -4@[sp, 60]}
     * @param number of the argument in it, from 0 on
     * @return the argument, or what is the matter with it
     */
    public static Finding<UsdtArgument> read(String text, int number, Registers registers) {
        int begin = begin(text, 0);
        int end = end(text, begin);
        for (int i = 0; i < number; i++) {
            begin = begin(text, end);
            end = end(text, begin);
        }
        int at = text.indexOf('@', begin);
        if (begin < end && at > begin && at < end) {
            try {
                UsdtArgument argument =
                        operand(size(text.substring(begin, at)), text.substring(at + 1, end), registers);
                if (argument != null) {
                    return Finding.found(argument);
                }
            } catch (NumberFormatException e) {
                return unreadable(text, number);
            }
        }
        return unreadable(text, number);
    }

    /** How many arguments the text of a note has. */
    public static int count(String text) {
        int count = 0;
        for (int begin = begin(text, 0); begin < text.length(); begin = begin(text, end(text, begin))) {
            count++;
        }
        return count;
    }

    /**
     * Where a function's argument stands when it is entered: all of them in registers, 64 bits, signed.
     *
     * <p>Source: the System V ABI for x86_64, 3.2.3, and the Procedure Call Standard for arm64, 6.8.2.
     *
     * @param number of the argument, 0 .. 5
     */
    public static UsdtArgument ofFunction(int number, Registers registers) {
        String name = registers == Registers.ARM64 ? "x".concat(Integer.toString(number)) : X86_ARGUMENTS.get(number);
        return register(-Long.BYTES, registers.offset(name));
    }

    private static Finding<UsdtArgument> unreadable(String text, int number) {
        return Finding.missing("argument " + number + " of \"" + text + "\" cannot be read");
    }

    private static int begin(String text, int from) {
        int begin = from;
        while (begin < text.length() && text.charAt(begin) == ' ') {
            begin++;
        }
        return begin;
    }

    /** The blank behind an argument, or the end; arm64's {@code [sp, 60]} has one inside. */
    private static int end(String text, int begin) {
        int end = begin;
        boolean inside = false;
        while (end < text.length() && (inside || text.charAt(end) != ' ')) {
            inside = inside ? text.charAt(end) != ']' : text.charAt(end) == '[';
            end++;
        }
        return end;
    }

    private static int size(String text) {
        int size = Integer.parseInt(text);
        int bytes = Math.abs(size);
        if (bytes != 1 && bytes != 2 && bytes != 4 && bytes != 8) {
            throw new NumberFormatException(text);
        }
        return size;
    }

    /** Null when it is none that is known. */
    private static UsdtArgument operand(int bytes, String operand, Registers registers) {
        if (operand.isEmpty()) {
            return null;
        }
        return registers == Registers.ARM64 ? arm64(bytes, operand) : x86(bytes, operand);
    }

    /** {@code $-1}, {@code %r12}, {@code -24(%rbp)}. */
    private static UsdtArgument x86(int bytes, String operand) {
        if (operand.charAt(0) == '$') {
            return constant(bytes, number(operand.substring(1)));
        }
        if (operand.charAt(0) == '%') {
            return register(bytes, Registers.X86_64.offset(operand.substring(1)));
        }
        int bracket = operand.indexOf("(%");
        if (bracket < 0 || !operand.endsWith(")")) {
            return null;
        }
        return memory(bytes, Registers.X86_64.addressOffset(operand.substring(bracket + 2, operand.length() - 1)),
                bracket == 0 ? 0 : number(operand.substring(0, bracket)));
    }

    /** {@code -1}, {@code x0}, {@code [x29, -24]}; {@code xzr} reads as zero. */
    private static UsdtArgument arm64(int bytes, String operand) {
        if (operand.equals("xzr") || operand.equals("wzr")) {
            return constant(bytes, 0);
        }
        if (operand.charAt(0) != '[') {
            int offset = Registers.ARM64.offset(operand);
            return offset >= 0 ? register(bytes, offset) : constant(bytes, arm64Number(operand));
        }
        if (!operand.endsWith("]")) {
            return null;
        }
        int comma = operand.indexOf(',');
        int nameEnd = comma < 0 ? operand.length() - 1 : comma;
        return memory(bytes, Registers.ARM64.addressOffset(operand.substring(1, nameEnd).strip()),
                comma < 0 ? 0 : arm64Number(operand.substring(comma + 1, operand.length() - 1).strip()));
    }

    /** clang writes {@code #16}, gcc {@code 16}. */
    private static long arm64Number(String text) {
        return number(text.startsWith("#") ? text.substring(1) : text);
    }

    private static long number(String text) {
        boolean negative = text.startsWith("-");
        int digits = negative ? 1 : 0;
        boolean hexadecimal = text.startsWith("0x", digits);
        long number = Long.parseUnsignedLong(text.substring(hexadecimal ? digits + 2 : digits), hexadecimal ? 16 : 10);
        return negative ? -number : number;
    }

    /** As the program would find it in a register and cut it. */
    private static UsdtArgument constant(int bytes, long value) {
        int unused = Long.SIZE - Byte.SIZE * Math.abs(bytes);
        long shifted = value << unused;
        return new UsdtArgument(ArgumentKind.ARGUMENT_CONSTANT, 0, bytes < 0 ? shifted >> unused : shifted >>> unused,
                bytes);
    }

    private static UsdtArgument register(int bytes, int offset) {
        return offset < 0 ? null : new UsdtArgument(ArgumentKind.ARGUMENT_REGISTER, offset, 0, bytes);
    }

    private static UsdtArgument memory(int bytes, int offset, long distance) {
        return offset < 0 ? null : new UsdtArgument(ArgumentKind.ARGUMENT_MEMORY, offset, distance, bytes);
    }
}
