package io.bpfagent.kernel;

import io.bpfagent.natives.NativeMemory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Where the kernel writes why it refuses a program. To be closed only when libbpf loads nothing any more.
 */
final class VerifierLog implements AutoCloseable {
    /**
     * Before Linux 6.4 the verifier counts a log that does not fit as a failure of its own. Touched by the kernel only
     * when a program is refused, and by malloc when it has had as much before: this is for what is loaded once.
     */
    static final int BYTES = 16 * 1024 * 1024;
    /** For programs of a few hundred instructions, which are loaded again and again. */
    static final int FEW_BYTES = 256 * 1024;
    /** Of its end, which names the fault. */
    private static final int BYTES_READ = 4096;
    private static final int LINES_SHOWN = 3;

    private final int bytes;
    private final NativeMemory memory;

    VerifierLog(int bytes) {
        this.bytes = bytes;
        this.memory = NativeMemory.allocate(bytes);
    }

    int bytes() {
        return bytes;
    }

    long address() {
        return memory.address();
    }

    /** The last lines in one; empty when nothing was refused. */
    String lastLines() {
        ByteBuffer buffer = memory.buffer();
        int end = 0;
        while (end < bytes && buffer.get(end) != 0) {
            end++;
        }
        byte[] text = new byte[Math.min(end, BYTES_READ)];
        buffer.get(end - text.length, text);
        String[] lines = new String(text, StandardCharsets.UTF_8).strip().split("\n");
        return String.join(" | ", Arrays.copyOfRange(lines, Math.max(0, lines.length - LINES_SHOWN), lines.length));
    }

    @Override
    public void close() {
        memory.close();
    }
}
