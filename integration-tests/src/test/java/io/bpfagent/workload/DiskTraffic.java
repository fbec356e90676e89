package io.bpfagent.workload;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Requests to a disk, and what the page cache makes of others. */
final class DiskTraffic {
    private static final int BLOCK_BYTES = 4096;
    /** Between two blocks that are used one is left out, so that no two requests become one. */
    private static final int STEP_BYTES = 2 * BLOCK_BYTES;
    private static final int PIECE_BYTES = 1 << 20;

    private DiskTraffic() {}

    /**
     * {@code direct 16 230 PATH}: 16 threads "direct-N" write and read back so many blocks past the page cache, each
     * block a request. The file must have a place on the disk already: 8 KiB for each.
     */
    static void direct(String[] arguments) throws InterruptedException {
        int times = Integer.parseInt(arguments[1]);
        inThreads("direct-", Integer.parseInt(arguments[0]), number -> {
            try (FileChannel file = FileChannel.open(Path.of(arguments[2]), StandardOpenOption.READ,
                    StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT)) {
                ByteBuffer block = ByteBuffer.allocateDirect(STEP_BYTES).alignedSlice(BLOCK_BYTES).limit(BLOCK_BYTES);
                for (int i = 0; i < times; i++) {
                    long at = ((long) number * times + i) * STEP_BYTES;
                    whole(file.write(block.clear().limit(BLOCK_BYTES), at));
                    whole(file.read(block.clear().limit(BLOCK_BYTES), at));
                }
            }
        });
    }

    private static void whole(int bytes) {
        if (bytes != BLOCK_BYTES) {
            throw new IllegalStateException("a part of a block, " + bytes + " bytes");
        }
    }

    /**
     * {@code buffered 16 23 DIRECTORY}: 16 threads "buffered-N" write so many blocks into a file of their own, and make
     * each durable.
     */
    static void buffered(String[] arguments) throws InterruptedException {
        int times = Integer.parseInt(arguments[1]);
        inThreads("buffered-", Integer.parseInt(arguments[0]), number -> {
            try (FileChannel file = FileChannel.open(Path.of(arguments[2], "buffered-" + number),
                    StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
                for (int i = 0; i < times; i++) {
                    file.write(block.clear(), (long) i * STEP_BYTES);
                    file.force(true);
                }
            }
        });
    }

    /** {@code cached 96 PATH}: the thread "cache user" writes a file of so many MiB, and reads it twice. */
    static void cached(String[] arguments) throws InterruptedException {
        int pieces = Integer.parseInt(arguments[0]);
        Scenes.start("cache user", () -> {
            try (FileChannel file = FileChannel.open(Path.of(arguments[1]), StandardOpenOption.CREATE,
                    StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
                for (int i = 0; i < pieces; i++) {
                    file.write(piece.clear(), (long) i * PIECE_BYTES);
                    file.force(false); // what is clean can be given up at once
                }
                for (int i = 0; i < 2 * pieces; i++) {
                    file.read(piece.clear(), (long) (i % pieces) * PIECE_BYTES);
                }
            }
        }).join();
    }

    /** What each of some threads does. */
    @FunctionalInterface
    private interface Share {
        void run(int number) throws IOException;
    }

    private static void inThreads(String name, int count, Share share) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            threads.add(Scenes.start(name + (i + 1), () -> share.run(number)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
