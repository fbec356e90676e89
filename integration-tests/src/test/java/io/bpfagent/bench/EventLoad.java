package io.bpfagent.bench;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Does one thing all the time: parks, allocates, enters a monitor that another thread has, opens, syncs or reads files,
 * sends packets, connects.
 *
 * <p>Lines on stdin: {@code count N}, answered by {@code count N EVENTS CPU}, with the CPU time of the threads that
 * do it in ns. Ends when stdin is closed.
 */
public final class EventLoad {
    private static final Path IN_MEMORY = Path.of("/dev/shm");
    private static final int PAGE_BYTES = 4096;
    private static final Object MONITOR = new Object();
    private static final List<Thread> THREADS = new ArrayList<>();

    /** Written by one thread at a time. */
    private static volatile long events;
    private static volatile Thread holder;
    private static volatile Object sink;

    private EventLoad() {}

    /**
     * @param args {@code park}, {@code allocate}, {@code contend}, {@code open}, {@code sync}, {@code read}, {@code
     *             read-byte}, {@code send}, {@code connect} or {@code nothing}
     */
    public static void main(String[] args) throws IOException {
        switch (args[0]) {
            case "park":
                start(new Thread(EventLoad::park, "parker"));
                break;
            case "allocate":
                start(new Thread(EventLoad::allocate, "allocator"));
                break;
            case "contend":
                Thread[] contenders = new Thread[2];
                contenders[0] = new Thread(() -> contend(contenders[1]), "contender-1");
                contenders[1] = new Thread(() -> contend(contenders[0]), "contender-2");
                start(contenders);
                break;
            case "open":
                start(new Thread(EventLoad::open, "opener"));
                break;
            case "sync":
                start(new Thread(EventLoad::sync, "syncer"));
                break;
            case "read":
                start(new Thread(EventLoad::read, "reader"));
                break;
            case "nothing":
                break;
            case "read-byte":
                start(new Thread(EventLoad::readByte, "reader of bytes"));
                break;
            case "send":
                start(new Thread(EventLoad::send, "sender"));
                break;
            case "connect":
                start(new Thread(EventLoad::connect, "connector"));
                break;
            default:
                throw new IllegalArgumentException("one of park, allocate, contend, open, sync, read, read-byte, send, "
                        + "connect, nothing, got " + args[0]);
        }
        ThreadMXBean bean = ManagementFactory.getThreadMXBean();
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            long cpuNs = THREADS.stream().mapToLong(thread -> bean.getThreadCpuTime(thread.getId())).sum();
            System.out.println(line + " " + events + " " + cpuNs);
        }
    }

    private static void start(Thread... threads) {
        for (Thread thread : threads) {
            THREADS.add(thread);
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** The permit is there: what is measured is the call, not a wait. */
    private static void park() {
        Thread self = Thread.currentThread();
        for (long done = 0; true; done++) {
            LockSupport.unpark(self);
            LockSupport.park();
            events = done;
        }
    }

    private static void allocate() {
        for (long done = 0; true; done++) {
            sink = new Object();
            events = done;
        }
    }

    private static void open() {
        try {
            for (long done = 0; true; done++) {
                new FileInputStream("/dev/null").close();
                events = done;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In memory, where there is nothing to wait for: what is measured is the call. */
    private static void sync() {
        Path directory = Files.isWritable(IN_MEMORY) ? IN_MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
        try (FileChannel file = temporary(directory)) {
            for (long done = 0; true; done++) {
                file.force(false);
                events = done;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of a device that has nothing to do. */
    private static void readByte() {
        try (FileInputStream zeros = new FileInputStream("/dev/zero")) {
            for (long done = 0; true; done++) {
                zeros.read();
                events = done;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** To one who never reads: once its buffer is full the kernel drops them. */
    private static void send() {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (DatagramChannel deaf = DatagramChannel.open().bind(any);
                DatagramChannel sender = DatagramChannel.open().connect(deaf.getLocalAddress())) {
            ByteBuffer packet = ByteBuffer.allocateDirect(1);
            for (long done = 0; true; done++) {
                sender.write(packet.clear());
                events = done;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** To itself. Reset, not closed: else the kernel would keep the port for a minute, and soon have none left. */
    private static void connect() {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(any)) {
            for (long done = 0; true; done++) {
                try (SocketChannel caller = SocketChannel.open(listener.getLocalAddress());
                        SocketChannel called = listener.accept()) {
                    called.setOption(StandardSocketOptions.SO_LINGER, 0);
                    caller.setOption(StandardSocketOptions.SO_LINGER, 0);
                }
                events = done;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void read() {
        try (FileChannel file = temporary(Path.of(System.getProperty("java.io.tmpdir")), ExtendedOpenOption.DIRECT)) {
            ByteBuffer page = ByteBuffer.allocateDirect(2 * PAGE_BYTES).alignedSlice(PAGE_BYTES).limit(PAGE_BYTES);
            file.write(page);
            for (long done = 0; true; done++) {
                file.read(page.clear().limit(PAGE_BYTES), 0);
                events = done;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new file, gone when it is closed. */
    private static FileChannel temporary(Path directory, OpenOption... more) throws IOException {
        Path path = Files.createTempFile(directory, "bench-", ".data");
        Set<OpenOption> options = new HashSet<>(Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
        options.addAll(List.of(more));
        FileChannel file = FileChannel.open(path, options);
        Files.delete(path);
        return file;
    }

    /** Each has the monitor until the other is blocked on it, and wants it again when the other has it. */
    private static void contend(Thread other) {
        Thread self = Thread.currentThread();
        while (true) {
            synchronized (MONITOR) {
                holder = self;
                while (other.getState() != Thread.State.BLOCKED) {
                    Thread.yield();
                }
                events = events + 1;
            }
            while (holder == self) {
                Thread.yield();
            }
        }
    }
}
