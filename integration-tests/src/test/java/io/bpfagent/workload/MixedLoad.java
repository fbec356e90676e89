package io.bpfagent.workload;

import io.bpfagent.boot.ContextRuntime;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.Security;
import java.util.concurrent.Exchanger;

/**
 * A bit of everything that the agent follows, all the time and at the same pace: computing, monitors, parks, sleeps,
 * threads that come and go, files, connections, look-ups, garbage, contexts, and virtual threads where there are some.
 * It takes about a fifth of a CPU. The line {@code go} on stdin, once the agent is on, begins it; then {@code weigh}
 * makes it print what it holds, as {@link LongLife} does; {@code end} or the end of stdin ends it.
 */
public final class MixedLoad {
    private static final int PACE_MS = 20;
    private static final int BYTES = 64 * 1024;
    private static final int STEPS = 200_000;
    private static final int VIRTUAL_THREADS = 50;
    private static final Object MONITOR = new Object();
    private static volatile Object kept;
    private static volatile long sum;

    private MixedLoad() {}

    /** @param args none */
    public static void main(String[] args) throws IOException {
        // Every look-up is to reach the C library.
        Security.setProperty("networkaddress.cache.ttl", "0");
        LongLife.answer("go", MixedLoad::begin);
    }

    private static void begin() throws IOException {
        for (int i = 1; i <= 2; i++) {
            LongLife.start("computer-" + i, MixedLoad::compute);
            LongLife.start("contender-" + i, MixedLoad::contend);
        }
        Exchanger<Object> exchanger = new Exchanger<>();
        LongLife.start("parker-1", () -> exchanger.exchange(MONITOR));
        LongLife.start("parker-2", () -> exchanger.exchange(MONITOR));
        LongLife.start("starter", MixedLoad::startThread);
        LongLife.start("allocator", MixedLoad::allocate);
        LongLife.start("collector", MixedLoad::collect);
        LongLife.start("resolver", LongLife::resolve);
        Path file = Files.createTempFile("mixed-load", ".tmp");
        file.toFile().deleteOnExit();
        int request = ContextRuntime.context(ContextRuntime.REQUEST, "POST /mixed");
        LongLife.start("requester", () -> request(request, file));
        ServerSocket server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        LongLife.start("server", () -> serve(server));
        LongLife.start("client", () -> ask(server));
        if (Runtime.version().feature() >= 21) {
            int task = ContextRuntime.context(ContextRuntime.TASK, "virtual work");
            for (int i = 1; i <= VIRTUAL_THREADS; i++) {
                VirtualWork.start("virtual-" + i, () -> workForGood(task));
            }
        }
    }

    private static void compute() {
        long value = sum;
        for (int i = 0; i < STEPS; i++) {
            value = value * 6364136223846793005L + 1442695040888963407L;
        }
        sum = value;
    }

    /** Of two one waits for the other now and then. */
    private static void contend() throws InterruptedException {
        synchronized (MONITOR) {
            Thread.sleep(2);
        }
    }

    private static void startThread() throws InterruptedException {
        Thread brief = new Thread(MixedLoad::compute, "brief");
        brief.start();
        brief.join();
    }

    private static void allocate() {
        for (int i = 0; i < 8; i++) {
            kept = new byte[BYTES];
        }
    }

    private static void collect() throws InterruptedException {
        System.gc();
        Thread.sleep(10 * PACE_MS);
    }

    private static void request(int context, Path path) throws IOException {
        long before = ContextRuntime.enter(context);
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocateDirect(BYTES), 0);
            file.force(true);
            file.read(ByteBuffer.allocateDirect(BYTES), 0);
        } finally {
            ContextRuntime.leave(before);
        }
    }

    private static void serve(ServerSocket server) throws IOException {
        try (Socket socket = server.accept()) {
            InputStream in = socket.getInputStream();
            socket.getOutputStream().write(in.read());
        }
    }

    private static void ask(ServerSocket server) throws IOException {
        try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
            socket.getOutputStream().write(1);
            socket.getInputStream().read();
        }
    }

    private static void workForGood(int task) throws InterruptedException {
        while (true) {
            long before = ContextRuntime.enter(task);
            compute();
            ContextRuntime.leave(before);
            Thread.sleep(VIRTUAL_THREADS * PACE_MS);
        }
    }
}
