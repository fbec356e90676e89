package io.bpfagent.find;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Builds a file of BTF, type after type. */
final class FakeBtf {
    private final ByteArrayOutputStream types = new ByteArrayOutputStream();
    private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
    private int count;

    FakeBtf() {
        strings.write(0);
    }

    /** Its id. @param extra bytes that follow it */
    int type(String name, int kind, int items, int sizeOrType, int extra) {
        ByteBuffer bytes = ByteBuffer.allocate(12 + extra).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(name.isEmpty() ? 0 : strings.size()).putInt(kind << 24 | items).putInt(sizeOrType);
        if (!name.isEmpty()) {
            strings.writeBytes((name + '\0').getBytes(StandardCharsets.ISO_8859_1));
        }
        types.writeBytes(bytes.array());
        return ++count;
    }

    /** As the kernel's: a typedef of a pointer to a prototype whose first parameter is a {@code void *}. */
    void tracepoint(String name, int arguments) {
        int prototype = type("", BtfTypes.KIND_FUNCTION_PROTOTYPE, arguments + 1, 0, 8 * (arguments + 1));
        int pointer = type("", BtfTypes.KIND_POINTER, 0, prototype, 0);
        type("btf_trace_" + name, BtfTypes.KIND_TYPEDEF, 0, pointer, 0);
    }

    Path write(Path file) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        header.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(24);
        header.putInt(0).putInt(types.size()).putInt(types.size()).putInt(strings.size());
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(header.array());
        types.writeTo(all);
        strings.writeTo(all);
        return Files.write(file, all.toByteArray());
    }
}
