package io.bpfagent.workload;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Selector;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** Threads that block and never come back, each in its own way and named for it. */
final class BlockedForGood {
    private static final Object MONITOR = new Object();
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final List<Thread.State> BLOCKED =
            List.of(Thread.State.BLOCKED, Thread.State.WAITING, Thread.State.TIMED_WAITING);
    private static volatile Socket first;

    private BlockedForGood() {}

    /** {@code block}: over when all are blocked. */
    static void block(String[] arguments) throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        Thread holder = Scenes.start("stays in sleep", () -> {
            synchronized (MONITOR) {
                LOCK.lock();
                held.countDown();
                Thread.sleep(TimeUnit.HOURS.toMillis(1));
            }
        });
        held.await();
        List<Thread> inJava = List.of(holder,
                Scenes.start("stays in monitor", BlockedForGood::enterMonitor),
                Scenes.start("stays in wait", BlockedForGood::waitForNobody),
                Scenes.start("stays in wait of join", holder::join),
                Scenes.start("stays in park", LockSupport::park),
                Scenes.start("stays in park timed", () -> LockSupport.parkNanos(TimeUnit.HOURS.toNanos(1))),
                Scenes.start("stays in park until", BlockedForGood::parkUntilLater),
                Scenes.start("stays in park of lock", LOCK::lock));
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
        Scenes.start("stays in socket read", () -> socket.getInputStream().read());
        Scenes.start("stays in socket accept", () -> acceptSecond(server));
        Scenes.start("stays in poll", () -> Selector.open().select());
        Process child = new ProcessBuilder("sleep", "3600").start();
        Runtime.getRuntime().addShutdownHook(new Thread(child::destroyForcibly));
        for (Thread thread : inJava) {
            while (!BLOCKED.contains(thread.getState())) {
                Thread.sleep(5);
            }
        }
        // The others are in native code, whatever they do there.
        Thread.sleep(100);
    }

    private static void enterMonitor() {
        synchronized (MONITOR) {
            throw new IllegalStateException("the monitor is never free");
        }
    }

    private static void waitForNobody() throws InterruptedException {
        Object nobody = new Object();
        synchronized (nobody) {
            nobody.wait();
        }
    }

    private static void parkUntilLater() {
        LockSupport.parkUntil(System.currentTimeMillis() + TimeUnit.HOURS.toMillis(1));
    }

    private static void acceptSecond(ServerSocket server) throws IOException {
        // Were it garbage, it would be closed, and who reads at the other end would see that.
        first = server.accept();
        server.accept();
    }
}
