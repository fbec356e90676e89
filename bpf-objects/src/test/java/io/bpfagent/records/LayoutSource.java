package io.bpfagent.records;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The text of {@code RecordLayouts.java} for the structs and enums of a BTF section. */
final class LayoutSource {
    private static final String HEAD = """
            // Generated from records.h by RecordLayoutsTest; do not edit.
            package io.bpfagent.records;

            /**
             * The shared records' sizes and offsets, in bytes, and the C enums' values. Every number is
             * little-endian. An array has its offset and, with {@code _LENGTH}, the number of its items,
             * unless {@code _LENGTH} is a member of its own, as in {@code ThreadRow.NAME_LENGTH}. What
             * the members mean is said in {@code records.h}.
             */
            public final class RecordLayouts {
                private RecordLayouts() { }
            """;

    private final StringBuilder text = new StringBuilder(HEAD);

    private LayoutSource() { }

    static String of(Btf btf) {
        LayoutSource source = new LayoutSource();
        btf.enumerations().forEach(source::enumeration);
        btf.structs().forEach(source::struct);
        return source.text.append("}\n").toString();
    }

    private void enumeration(Btf.Enumeration enumeration) {
        begin("enum", enumeration.name());
        enumeration.constants().forEach(c -> constant(c.name(), c.value(), ""));
        end();
    }

    private void struct(Btf.Struct struct) {
        begin("struct", struct.name());
        constant("SIZE", struct.size(), "");
        for (Btf.Member member : struct.members()) {
            // Padding (pad, pad2 ...) is nobody's to read.
            if (!member.name().matches("pad\\d*")) {
                String name = member.name().toUpperCase(Locale.ROOT);
                constant(name, member.offset(), " // " + member.cType()
                        + (member.length() > 0 ? "[" + member.length() + "]" : ""));
                if (member.length() > 0 && !has(struct, member.name() + "_length")) {
                    constant(name + "_LENGTH", member.length(), "");
                }
            }
        }
        end();
    }

    private static boolean has(Btf.Struct struct, String member) {
        return struct.members().stream().anyMatch(m -> m.name().equals(member));
    }

    private void begin(String kind, String cName) {
        String name = Arrays.stream(cName.split("_"))
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
        text.append("\n    /** {@code ").append(kind).append(' ').append(cName).append("} */\n");
        text.append("    public static final class ").append(name).append(" {\n");
        text.append("        private ").append(name).append("() { }\n\n");
    }

    private void constant(String name, int value, String comment) {
        text.append("        public static final int ").append(name).append(" = ").append(value)
                .append(';').append(comment).append('\n');
    }

    private void end() {
        text.append("    }\n");
    }
}
