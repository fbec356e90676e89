package io.bpfagent.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32;

/** Work that goes on until it is told to end, and of which it is known what must come out. */
final class CheckedWork {
    private static final long PACE_NS = 200_000;
    private static final long LAST = -1;
    private static final int BYTES = 65_536;
    /** Of the bytes 0, 1, 2 ... 255, over and over. */
    private static final long CRC = 0xb11de6a1L;

    private static final SynchronousQueue<Long> QUEUE = new SynchronousQueue<>();
    private static final CountDownLatch BEGUN = new CountDownLatch(4);
    private static final List<Thread> WORKERS = new ArrayList<>();
    private static final Object MONITOR = new Object();
    private static volatile boolean enough;
    private static long given;
    private static long taken;
    private static long asked;
    private static long answered;
    private static long checked;
    private static long wrong;

    private CheckedWork() {}

    /** {@code work}: four threads hand numbers to each other and compute a sum of bytes; over when all are at work. */
    static void work(String[] arguments) throws InterruptedException {
        WORKERS.add(Scenes.start("work giver", CheckedWork::give));
        WORKERS.add(Scenes.start("work taker", CheckedWork::take));
        WORKERS.add(Scenes.start("work asker", CheckedWork::ask));
        WORKERS.add(Scenes.start("work checker", CheckedWork::check));
        BEGUN.await();
    }

    /** {@code enough}: ends the work, fails if anything of it is wrong, else prints {@code worked right N}. */
    static void enough(String[] arguments) throws InterruptedException {
        enough = true;
        for (Thread worker : WORKERS) {
            worker.join();
        }
        if (given == 0 || given != taken || asked == 0 || asked != answered || checked == 0 || wrong > 0) {
            throw new IllegalStateException("given " + given + " taken " + taken + ", asked " + asked + " answered "
                    + answered + ", of " + checked + " wrong " + wrong);
        }
        System.out.println("worked right " + checked);
    }

    private static void give() throws InterruptedException {
        BEGUN.countDown();
        for (long number = 1; !enough; number++) {
            QUEUE.put(number);
            given += number;
            LockSupport.parkNanos(PACE_NS);
        }
        QUEUE.put(LAST);
    }

    private static void take() throws InterruptedException {
        BEGUN.countDown();
        for (long number = QUEUE.take(); number != LAST; number = QUEUE.take()) {
            taken += number;
        }
    }

    /** Has each question answered by a thread that is there for it alone. */
    private static void ask() throws InterruptedException {
        BEGUN.countDown();
        while (!enough) {
            asked++;
            Thread answerer = Scenes.start("work answerer", () -> {
                synchronized (MONITOR) {
                    answered++;
                    MONITOR.notifyAll();
                }
            });
            synchronized (MONITOR) {
                while (answered < asked) {
                    MONITOR.wait();
                }
            }
            answerer.join();
            Thread.sleep(1);
        }
    }

    private static void check() throws InterruptedException {
        BEGUN.countDown();
        while (!enough) {
            byte[] bytes = new byte[BYTES];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) i;
            }
            CRC32 crc = new CRC32();
            crc.update(bytes);
            checked++;
            wrong += crc.getValue() == CRC ? 0 : 1;
            Thread.sleep(1);
        }
    }
}
