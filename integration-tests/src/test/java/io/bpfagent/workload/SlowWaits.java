package io.bpfagent.workload;

import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Waits that take long, for known reasons. */
final class SlowWaits {
    private static final Object LOCK = new Object();

    private SlowWaits() {}

    /** {@code held 3 300}: so often, the thread "holder" holds a lock for so many ms, for which "waiter" waits. */
    static void held(String[] arguments) throws InterruptedException {
        int times = Integer.parseInt(arguments[0]);
        long ms = Long.parseLong(arguments[1]);
        for (int round = 0; round < times; round++) {
            Thread holder = Scenes.start("holder", () -> hold(ms));
            // It has the lock by the time that it sleeps.
            while (holder.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            Scenes.start("waiter", SlowWaits::enter).join();
            holder.join();
        }
    }

    private static void hold(long ms) throws InterruptedException {
        synchronized (LOCK) {
            Thread.sleep(ms);
        }
    }

    private static void enter() {
        synchronized (LOCK) {
            Thread.onSpinWait();
        }
    }

    /** {@code pings 1000}: two threads wake each other so often, and park in between. */
    static void pings(String[] arguments) throws InterruptedException {
        int times = Integer.parseInt(arguments[0]);
        AtomicInteger turn = new AtomicInteger();
        Thread[] players = new Thread[2];
        CountDownLatch ready = new CountDownLatch(1);
        for (int i = 0; i < players.length; i++) {
            int mine = i;
            players[i] = Scenes.start("player-" + i, () -> {
                ready.await();
                for (int round = 0; round < times; round++) {
                    while (turn.get() != mine) {
                        LockSupport.park();
                    }
                    turn.set(1 - mine);
                    LockSupport.unpark(players[1 - mine]);
                }
            });
        }
        ready.countDown();
        for (Thread player : players) {
            player.join();
        }
    }

    /** {@code sync 23 FILE}: the thread "slow syncer" writes to the file and has it written to its disk so often. */
    static void sync(String[] arguments) throws InterruptedException {
        int times = Integer.parseInt(arguments[0]);
        Scenes.start("slow syncer", () -> {
            try (RandomAccessFile file = new RandomAccessFile(Path.of(arguments[1]).toFile(), "rw")) {
                for (int round = 0; round < times; round++) {
                    file.write(round);
                    file.getFD().sync();
                }
            }
        }).join();
    }

    /** {@code silent 3 60}: the thread "slow reader" reads from a peer that answers after so many ms, so often. */
    static void silent(String[] arguments) throws Exception {
        int times = Integer.parseInt(arguments[0]);
        long ms = Long.parseLong(arguments[1]);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket peer = server.accept()) {
            System.out.println("silent peer " + server.getLocalPort());
            Thread reader = Scenes.start("slow reader", () -> {
                for (int round = 0; round < times; round++) {
                    client.getInputStream().read();
                }
            });
            for (int round = 0; round < times; round++) {
                Thread.sleep(ms);
                peer.getOutputStream().write(round);
            }
            reader.join();
        }
    }
}
