package io.bpfagent.records;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The named structs and enums of a BTF section, in its order. Source:
 * Documentation/bpf/btf.rst in the kernel's tree.
 */
final class Btf {
    private static final int MAGIC = 0xeb9f;
    private static final int TYPE_BYTES = 12;

    /** @param offset in bytes; @param length of an array, 0 for anything else */
    record Member(String name, int offset, String cType, int length) { }

    record Struct(String name, int size, List<Member> members) { }

    record Constant(String name, int value) { }

    record Enumeration(String name, List<Constant> constants) { }

    private final ByteBuffer types;
    private final ByteBuffer strings;
    /** Where each type begins in {@link #types}; index 0 is void. */
    private final List<Integer> starts = new ArrayList<>(List.of(-1));
    private final List<Struct> structs = new ArrayList<>();
    private final List<Enumeration> enumerations = new ArrayList<>();

    /** @throws IllegalArgumentException if the section is not BTF or has bit fields */
    Btf(ByteBuffer section) {
        if (Short.toUnsignedInt(section.getShort(0)) != MAGIC) {
            throw new IllegalArgumentException("not BTF");
        }
        int header = section.getInt(4);
        types = slice(section, header + section.getInt(8), section.getInt(12));
        strings = slice(section, header + section.getInt(16), section.getInt(20));
        for (int at = 0; at < types.limit(); at += TYPE_BYTES + extraBytes(at)) {
            starts.add(at);
        }
        for (int at : starts.subList(1, starts.size())) {
            if (!name(at).isEmpty()) {
                switch (kind(at)) {
                    case STRUCT -> structs.add(struct(at));
                    case ENUM -> enumerations.add(enumeration(at));
                    default -> { }
                }
            }
        }
    }

    List<Struct> structs() {
        return List.copyOf(structs);
    }

    List<Enumeration> enumerations() {
        return List.copyOf(enumerations);
    }

    /** In the order of the format's numbers, with the bytes that follow a type. */
    private enum Kind {
        VOID(0, 0), INT(4, 0), PTR(0, 0), ARRAY(12, 0), STRUCT(0, 12), UNION(0, 12), ENUM(0, 8),
        FWD(0, 0), TYPEDEF(0, 0), VOLATILE(0, 0), CONST(0, 0), RESTRICT(0, 0), FUNC(0, 0),
        FUNC_PROTO(0, 8), VAR(4, 0), DATASEC(0, 12), FLOAT(0, 0), DECL_TAG(4, 0), TYPE_TAG(0, 0),
        ENUM64(0, 12);

        private final int bytes;
        private final int bytesPerItem;

        Kind(int bytes, int bytesPerItem) {
            this.bytes = bytes;
            this.bytesPerItem = bytesPerItem;
        }
    }

    private Struct struct(int at) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < items(at); i++) {
            int member = at + TYPE_BYTES + i * Kind.STRUCT.bytesPerItem;
            int bits = types.getInt(member + 8);
            String name = ElfFile.string(strings, types.getInt(member));
            // The top byte is a bit field's width where the struct has any.
            if (bits % 8 != 0 || types.getInt(at + 4) < 0) {
                throw new IllegalArgumentException("bit field in " + name(at) + " at " + name);
            }
            int type = types.getInt(member + 4);
            boolean array = kind(starts.get(type)) == Kind.ARRAY;
            int array0 = array ? starts.get(type) + TYPE_BYTES : 0;
            members.add(new Member(name, bits / 8,
                    cType(array ? types.getInt(array0) : type), array ? types.getInt(array0 + 8) : 0));
        }
        return new Struct(name(at), types.getInt(at + 8), members);
    }

    private Enumeration enumeration(int at) {
        List<Constant> constants = new ArrayList<>();
        for (int i = 0; i < items(at); i++) {
            int constant = at + TYPE_BYTES + i * Kind.ENUM.bytesPerItem;
            constants.add(new Constant(ElfFile.string(strings, types.getInt(constant)),
                    types.getInt(constant + 4)));
        }
        return new Enumeration(name(at), constants);
    }

    private String cType(int type) {
        int at = starts.get(type);
        return switch (kind(at)) {
            case STRUCT -> "struct " + name(at);
            case UNION -> "union " + name(at);
            case ENUM -> "enum " + name(at);
            default -> name(at);
        };
    }

    private Kind kind(int at) {
        return Kind.values()[types.getInt(at + 4) >>> 24 & 0x1f];
    }

    private int items(int at) {
        return types.getInt(at + 4) & 0xffff;
    }

    private int extraBytes(int at) {
        return kind(at).bytes + items(at) * kind(at).bytesPerItem;
    }

    private String name(int at) {
        return ElfFile.string(strings, types.getInt(at));
    }

    private static ByteBuffer slice(ByteBuffer buffer, int offset, int length) {
        return buffer.slice(offset, length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
