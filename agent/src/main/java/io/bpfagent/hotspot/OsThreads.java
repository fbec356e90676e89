package io.bpfagent.hotspot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * OSThread::_thread_id and ::_pthread_id of many threads by two batched reads.
 *
 * <p>One thread at a time. The arrays grow to the largest number asked for and are reused.
 */
final class OsThreads {
    private final OwnMemory memory;
    private final HotSpotLayout layout;
    private final int spanBegin;
    private final int spanBytes;
    private long[] addresses = new long[0];
    private long[] osThreads;
    private boolean[] ok;
    private ByteBuffer bytes;

    OsThreads(OwnMemory memory, HotSpotLayout layout) {
        this.memory = memory;
        this.layout = layout;
        this.spanBegin = Math.min(layout.osThreadIdOffset(), layout.pthreadIdOffset());
        this.spanBytes = Math.max(layout.osThreadIdOffset() + 4, layout.pthreadIdOffset() + 8) - spanBegin;
    }

    /**
     * Reads them for the first {@code count} JavaThreads.
     *
     * @param tids     the result; 0 where it could not be read
     * @param pthreads the result; null when not wanted
     */
    void read(long[] javaThreads, int count, int[] tids, long[] pthreads) {
        makeRoom(count);
        for (int i = 0; i < count; i++) {
            addresses[i] = javaThreads[i] + layout.osThreadOffset();
        }
        memory.read(addresses, count, 8, bytes, ok);
        for (int i = 0; i < count; i++) {
            osThreads[i] = ok[i] ? bytes.getLong(i * 8) : 0;
            addresses[i] = osThreads[i] + spanBegin;
        }
        memory.read(addresses, count, spanBytes, bytes, ok);
        for (int i = 0; i < count; i++) {
            boolean valid = ok[i] && osThreads[i] != 0;
            int slot = i * spanBytes - spanBegin;
            tids[i] = valid ? bytes.getInt(slot + layout.osThreadIdOffset()) : 0;
            if (pthreads != null) {
                pthreads[i] = valid ? bytes.getLong(slot + layout.pthreadIdOffset()) : 0;
            }
        }
    }

    private void makeRoom(int count) {
        if (addresses.length < count) {
            int room = Math.max(count, 64);
            addresses = new long[room];
            osThreads = new long[room];
            ok = new boolean[room];
            bytes = ByteBuffer.allocate(room * Math.max(8, spanBytes)).order(ByteOrder.nativeOrder());
        }
        Arrays.fill(ok, 0, count, false);
    }
}
