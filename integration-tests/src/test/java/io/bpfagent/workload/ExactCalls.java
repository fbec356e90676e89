package io.bpfagent.workload;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls of each kind, an exactly known number of times, each kind by a thread of its own. */
final class ExactCalls {
    private static final int FILE_BYTES = 4096;
    private static final int BACKLOG = 256;
    private static final int PATIENCE_MS = 10_000;
    private static final int FLOOD_STEPS = 20_000;
    private static final AtomicInteger NAMES = new AtomicInteger();

    private ExactCalls() {}

    /** One call, the {@code round}th; 0 is the one that loads the classes, by another thread. */
    @FunctionalInterface
    interface Call {
        void make(int round) throws Exception;
    }

    /** {@code calls 23 DIRECTORY}: so many calls by each thread "exact ...", which then stays. */
    static void calls(String[] arguments) throws Exception {
        int times = Integer.parseInt(arguments[0]);
        Path directory = Path.of(arguments[1]);
        Path file = Files.write(directory.resolve("there"), new byte[FILE_BYTES]);
        InetAddress here = InetAddress.getLoopbackAddress();
        try (RandomAccessFile written = new RandomAccessFile(file.toFile(), "rw");
                FileChannel channel = written.getChannel();
                ServerSocket server = new ServerSocket(0, BACKLOG, here);
                ServerSocket patient = new ServerSocket(0, BACKLOG, here);
                Socket bound = new Socket()) {
            // It has a port on which nobody listens, and which nobody else gets.
            bound.bind(new InetSocketAddress(here, 0));
            MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, FILE_BYTES);
            Map<String, Call> calls = new LinkedHashMap<>();
            calls.put("exact forcer", round -> channel.force(true));
            calls.put("exact syncer", round -> written.getFD().sync());
            calls.put("exact mapper", round -> mapped.force());
            calls.put("exact finder", round -> Files.newByteChannel(file).close());
            calls.put("exact stream misser", round -> missStream(directory.resolve("missing").toFile()));
            calls.put("exact channel misser", round -> missChannel(directory.resolve("missing")));
            calls.put("exact refused", round -> beRefused(bound.getLocalSocketAddress()));
            calls.put("exact connector", round -> new Socket(here, server.getLocalPort()).close());
            calls.put("exact acceptor", round -> server.accept().close()); // after the one who connects
            calls.put("exact patient", round -> connectInTime(patient.getLocalSocketAddress()));
            calls.put("exact looker", round -> lookUpANewName());
            play(calls, times);
        }
    }

    /** Makes each call so many times, each by the thread of its name, which then stays. */
    static void play(Map<String, Call> calls, int times) throws InterruptedException {
        for (Call call : calls.values()) {
            Scenes.start("loader of classes", () -> call.make(0)).join();
        }
        CountDownLatch over = new CountDownLatch(calls.size());
        calls.forEach((name, call) -> Scenes.start(name, () -> {
            for (int round = 1; round <= times; round++) {
                call.make(round);
            }
            over.countDown();
            stay();
        }));
        over.await();
    }

    /**
     * {@code open-flood}: from now on the thread "file flooder" opens files, thousands a second, with some hundred
     * microseconds of work in between.
     */
    static void openFlood(String[] arguments) {
        Scenes.start("file flooder", () -> {
            double value = 1;
            while (true) {
                for (int i = 0; i < FLOOD_STEPS; i++) {
                    value = Math.sqrt(value + i);
                }
                try (FileInputStream file = new FileInputStream(value < 0 ? "/" : "/dev/null")) {
                    file.available();
                }
            }
        });
    }

    /** {@code brief-opens 200 DIRECTORY}: so many threads "brief-opener-N" that open one missing file and end. */
    static void briefOpens(String[] arguments) throws InterruptedException {
        File missing = Path.of(arguments[1]).resolve("missing").toFile();
        Scenes.start("loader of classes", () -> missStream(missing)).join();
        List<Thread> threads = new ArrayList<>();
        for (int i = 1; i <= Integer.parseInt(arguments[0]); i++) {
            threads.add(Scenes.start("brief-opener-" + i, () -> missStream(missing)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /**
     * {@code accepts 23 NAME}: prints {@code NAME listens PORT}; the thread NAME, which is one word, accepts so many
     * connections, prints {@code NAME accepted N} after each, and then stays.
     */
    static void accepts(String[] arguments) throws IOException, InterruptedException {
        int times = Integer.parseInt(arguments[0]);
        String name = arguments[1];
        CountDownLatch over = new CountDownLatch(1);
        try (ServerSocket server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress())) {
            Scenes.start(name, () -> {
                for (int round = 1; round <= times; round++) {
                    server.accept().close();
                    System.out.println(name + " accepted " + round);
                }
                over.countDown();
                stay();
            });
            System.out.println(name + " listens " + server.getLocalPort());
            over.await();
        }
    }

    /**
     * {@code accept-and-read 1000 NAME}: prints {@code NAME listens PORT}; the thread NAME, which is one word,
     * accepts one connection, prints {@code NAME accepted}, sleeps for so many ms, reads one byte, and then stays.
     */
    static void acceptAndRead(String[] arguments) throws IOException, InterruptedException {
        int ms = Integer.parseInt(arguments[0]);
        String name = arguments[1];
        CountDownLatch over = new CountDownLatch(1);
        try (ServerSocket server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress())) {
            Scenes.start(name, () -> {
                try (Socket accepted = server.accept()) {
                    System.out.println(name + " accepted");
                    Thread.sleep(ms);
                    accepted.getInputStream().read();
                }
                over.countDown();
                stay();
            });
            System.out.println(name + " listens " + server.getLocalPort());
            over.await();
        }
    }

    /** {@code preads 23 DIRECTORY}: the thread "exact reader" reads 1001 bytes at 4096, 1002 at 8192, and so on. */
    static void preads(String[] arguments) throws IOException, InterruptedException {
        int times = Integer.parseInt(arguments[0]);
        int most = 1000 + times;
        Path file = Files.write(Path.of(arguments[1]).resolve("read"), new byte[FILE_BYTES * (times + 1) + most]);
        CountDownLatch over = new CountDownLatch(1);
        try (FileChannel channel = FileChannel.open(file)) {
            Scenes.start("exact reader", () -> {
                ByteBuffer buffer = ByteBuffer.allocateDirect(most);
                for (int round = 1; round <= times; round++) {
                    buffer.clear().limit(1000 + round);
                    channel.read(buffer, (long) FILE_BYTES * round);
                }
                over.countDown();
                stay();
            });
            over.await();
        }
    }

    /** With a timeout: the call itself does not block. */
    private static void connectInTime(SocketAddress address) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(address, PATIENCE_MS);
        }
    }

    static void stay() throws InterruptedException {
        Object nobody = new Object();
        synchronized (nobody) {
            nobody.wait();
        }
    }

    static void missStream(File file) throws IOException {
        try (FileInputStream in = new FileInputStream(file)) {
            throw new IllegalStateException(file + " is there: " + in);
        } catch (FileNotFoundException e) {
            // as it should be
        }
    }

    private static void missChannel(Path path) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(path)) {
            throw new IllegalStateException(path + " is there: " + channel);
        } catch (NoSuchFileException e) {
            // as it should be
        }
    }

    private static void beRefused(SocketAddress address) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(address);
            throw new IllegalStateException("somebody listens at " + address);
        } catch (ConnectException e) {
            // as it should be
        }
    }

    private static void lookUpANewName() {
        // The JDK remembers for ten seconds which names do not exist.
        String name = "name-" + NAMES.incrementAndGet() + ".invalid";
        try {
            throw new IllegalStateException(name + " is " + InetAddress.getByName(name));
        } catch (UnknownHostException e) {
            // as it should be
        }
    }
}
