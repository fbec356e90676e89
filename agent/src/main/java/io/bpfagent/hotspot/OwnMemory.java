package io.bpfagent.hotspot;

import java.nio.ByteBuffer;

/**
 * Reads this process's memory at addresses that may have become invalid.
 *
 * <p>A thread that ends frees its JavaThread at any moment, so reading goes through the kernel: a bad
 * address must give an error, not a SIGSEGV. One thread at a time.
 */
public interface OwnMemory {
    /**
     * Copies {@code bytesEach} bytes from each of the first {@code count} addresses.
     *
     * @param into slot i stands at byte {@code i * bytesEach}; native byte order is not implied, the
     *             position stays where it was
     * @param ok   slot i is valid only if {@code ok[i]}
     */
    void read(long[] addresses, int count, int bytesEach, ByteBuffer into, boolean[] ok);
}
