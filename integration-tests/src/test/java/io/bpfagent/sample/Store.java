package io.bpfagent.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Orders in a file, one writer or reader at a time. */
final class Store {
    private static final int ORDER_BYTES = 4096;
    private static final int ORDERS = 1024;
    private static final int GARBAGE_BYTES = 64 * 1024;

    private final FileChannel file;
    private long orders;

    Store() {
        try {
            // On Linux the file loses its name at once, so that kill -9 leaves none either.
            file = FileChannel.open(Files.createTempFile(directory(), "bpf-agent-shop-", null), StandardOpenOption.READ,
                    StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The order is on the disk when it returns. */
    synchronized long save(long content) {
        ByteBuffer order = ByteBuffer.allocate(ORDER_BYTES).putLong(0, content);
        try {
            file.write(order, orders % ORDERS * ORDER_BYTES);
            file.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ++orders;
    }

    byte[] find(long number) {
        ByteBuffer order = ByteBuffer.allocate(GARBAGE_BYTES);
        synchronized (this) {
            try {
                file.read(order, number % ORDERS * ORDER_BYTES);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return Long.toString(order.getLong(0)).getBytes(StandardCharsets.US_ASCII);
    }

    /** /tmp is often in memory, where fsync never waits for a disk; /var/tmp seldom is. */
    private static Path directory() {
        Path onDisk = Path.of("/var/tmp");
        return Files.isWritable(onDisk) ? onDisk : Path.of(System.getProperty("java.io.tmpdir"));
    }
}
