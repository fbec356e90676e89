package io.bpfagent.hotspot;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;

/** The process's memory through a file: what {@link ProcessVmMemory} reads must be the same. */
final class ProcSelfMemory implements OwnMemory, AutoCloseable {
    private final RandomAccessFile file;

    ProcSelfMemory() throws IOException {
        file = new RandomAccessFile("/proc/self/mem", "r");
    }

    @Override
    public void read(long[] addresses, int count, int bytesEach, ByteBuffer into, boolean[] ok) {
        byte[] slot = new byte[bytesEach];
        for (int i = 0; i < count; i++) {
            try {
                file.seek(addresses[i]);
                file.readFully(slot);
                into.put(i * bytesEach, slot);
                ok[i] = true;
            } catch (IOException e) {
                ok[i] = false;
            }
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
