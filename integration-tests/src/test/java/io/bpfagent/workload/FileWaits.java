package io.bpfagent.workload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** Waits for a disk, in calls and in page faults. */
final class FileWaits {
    /** Further apart than the kernel reads ahead. */
    private static final long STEP_BYTES = 8 << 20;
    private static volatile byte sink;

    private FileWaits() {}

    /** {@code fsyncs 23 PATH}: the thread "syncer" writes a block and makes it durable, so many times. */
    static void fsyncs(String[] arguments) throws InterruptedException {
        int times = Integer.parseInt(arguments[0]);
        Scenes.start("syncer", () -> {
            try (FileChannel file = FileChannel.open(Path.of(arguments[1]), StandardOpenOption.WRITE,
                    StandardOpenOption.CREATE)) {
                ByteBuffer block = ByteBuffer.allocateDirect(4096);
                for (int i = 0; i < times; i++) {
                    file.write(block.clear(), i * 4096L);
                    file.force(true);
                }
            }
        }).join();
    }

    /** {@code faults 23 PATH}: the thread "faulter" touches so many far pages of a mapped file. */
    static void faults(String[] arguments) throws InterruptedException {
        int times = Integer.parseInt(arguments[0]);
        Scenes.start("faulter", () -> touch(Path.of(arguments[1]), times)).join();
    }

    /** {@code faults-and-park 23 PATH}: the thread "parked faulter" does the same and stays. */
    static void faultsAndPark(String[] arguments) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        Scenes.start("parked faulter", () -> {
            touch(Path.of(arguments[1]), Integer.parseInt(arguments[0]));
            done.countDown();
            while (true) {
                LockSupport.park();
            }
        });
        done.await();
    }

    private static void touch(Path path, int times) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            MappedByteBuffer mapped = file.map(FileChannel.MapMode.READ_ONLY, 0, times * STEP_BYTES);
            for (int i = 0; i < times; i++) {
                sink = mapped.get((int) (i * STEP_BYTES + STEP_BYTES / 2));
            }
        }
    }
}
