package io.bpfagent.workload;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads and writes in all the JDK's ways, an exactly known number of times. */
final class Transfers {
    private static final int PATIENCE_MS = 30_000;
    private static final int BYTES = 16;

    private Transfers() {}

    /** Two ends of one connection. */
    private record Ends<T>(T client, T server) {}

    private static Ends<Socket> sockets(InetAddress here) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, here)) {
            return new Ends<>(new Socket(here, server.getLocalPort()), server.accept());
        }
    }

    private static Ends<SocketChannel> channels(ServerSocketChannel server) throws IOException {
        try (server) {
            return new Ends<>(SocketChannel.open(server.getLocalAddress()), server.accept());
        }
    }

    /**
     * {@code transfers 23 DIRECTORY}: so many reads or writes of a kind by each thread "moves ...", which then stays.
     * Who reads from somebody comes after who writes to it.
     */
    static void transfers(String[] arguments) throws Exception {
        int times = Integer.parseInt(arguments[0]);
        Path directory = Path.of(arguments[1]);
        Path file = Files.write(directory.resolve("file"), new byte[64 * 1024]);
        InetAddress here = InetAddress.getLoopbackAddress();
        Ends<Socket> plain = sockets(here);
        Ends<Socket> timed = sockets(here);
        timed.server.setSoTimeout(PATIENCE_MS);
        Ends<SocketChannel> channels = channels(ServerSocketChannel.open().bind(new InetSocketAddress(here, 0)));
        Ends<SocketChannel> idle = channels(ServerSocketChannel.open().bind(new InetSocketAddress(here, 0)));
        idle.server.configureBlocking(false);
        Ends<SocketChannel> unix = channels(ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(directory.resolve("socket"))));
        Pipe pipe = Pipe.open();
        try (FileInputStream in = new FileInputStream(file.toFile());
                FileOutputStream out = new FileOutputStream(directory.resolve("out").toFile());
                RandomAccessFile random = new RandomAccessFile(directory.resolve("random").toFile(), "rw");
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                DatagramSocket sender = new DatagramSocket(0, here);
                DatagramSocket receiver = new DatagramSocket(0, here)) {
            byte[] bytes = new byte[BYTES];
            random.write(new byte[64 * 1024]);
            Map<String, ExactCalls.Call> calls = new LinkedHashMap<>();
            calls.put("moves stream in", round -> in.read(bytes));
            calls.put("moves byte in", round -> in.read());
            calls.put("moves stream out", round -> out.write(bytes));
            calls.put("moves byte out", round -> out.write(round));
            calls.put("moves random", round -> moveAtRandom(random));
            calls.put("moves channel", round -> moveByChannel(channel));
            calls.put("moves socket out", round -> plain.client.getOutputStream().write(round));
            calls.put("moves socket in", round -> plain.server.getInputStream().read());
            calls.put("moves timed out", round -> timed.client.getOutputStream().write(round));
            calls.put("moves timed in", round -> timed.server.getInputStream().read());
            calls.put("moves socket channel out", round -> send(channels.client));
            calls.put("moves socket channel in", round -> receive(channels.server));
            calls.put("moves unix out", round -> send(unix.client));
            calls.put("moves unix in", round -> receive(unix.server));
            calls.put("moves nothing", round -> idle.server.read(ByteBuffer.allocateDirect(BYTES)));
            calls.put("moves packet out", round -> sender.send(
                    new DatagramPacket(new byte[BYTES], BYTES, receiver.getLocalSocketAddress())));
            calls.put("moves packet in", round -> receiver.receive(new DatagramPacket(new byte[BYTES], BYTES)));
            calls.put("moves pipe out", round -> pipe.sink().write(ByteBuffer.allocateDirect(BYTES)));
            calls.put("moves pipe in", round -> pipe.source().read(ByteBuffer.allocateDirect(BYTES)));
            ExactCalls.play(calls, times);
        }
    }

    /** Two reads and two writes. */
    private static void moveAtRandom(RandomAccessFile file) throws IOException {
        byte[] bytes = new byte[BYTES];
        file.seek(0);
        file.read(bytes);
        file.read();
        file.write(bytes);
        file.write(1);
    }

    /** Three reads and three writes. */
    private static void moveByChannel(FileChannel file) throws IOException {
        file.position(0);
        file.read(ByteBuffer.allocateDirect(BYTES));
        file.read(ByteBuffer.allocateDirect(BYTES), BYTES);
        file.read(new ByteBuffer[] {ByteBuffer.allocateDirect(BYTES), ByteBuffer.allocateDirect(BYTES)});
        file.write(ByteBuffer.allocateDirect(BYTES));
        file.write(ByteBuffer.allocateDirect(BYTES), BYTES);
        file.write(new ByteBuffer[] {ByteBuffer.allocateDirect(BYTES), ByteBuffer.allocateDirect(BYTES)});
    }

    /** Two writes, of 3 bytes together. */
    private static void send(SocketChannel channel) throws IOException {
        channel.write(ByteBuffer.allocateDirect(1));
        channel.write(new ByteBuffer[] {ByteBuffer.allocateDirect(1), ByteBuffer.allocateDirect(1)});
    }

    /** Two reads, of the same. */
    private static void receive(SocketChannel channel) throws IOException {
        channel.read(ByteBuffer.allocateDirect(1));
        ByteBuffer[] two = {ByteBuffer.allocateDirect(1), ByteBuffer.allocateDirect(1)};
        if (channel.read(two) == 1) {
            throw new IllegalStateException("what was written at once came in two pieces");
        }
    }

    /**
     * {@code late-byte 200}: the threads "waits for socket" and "waits for pipe" each read one byte, which comes after
     * so many ms, "waits in time" one with a timeout; they then stay.
     */
    static void lateByte(String[] arguments) throws Exception {
        int ms = Integer.parseInt(arguments[0]);
        Ends<Socket> plain = sockets(InetAddress.getLoopbackAddress());
        Ends<Socket> timed = sockets(InetAddress.getLoopbackAddress());
        timed.server.setSoTimeout(PATIENCE_MS);
        Pipe pipe = Pipe.open();
        ByteBuffer buffer = ByteBuffer.allocateDirect(1);
        Thread[] readers = {
            Scenes.start("waits for socket", () -> thenStay(plain.server.getInputStream().read())),
            Scenes.start("waits in time", () -> thenStay(timed.server.getInputStream().read())),
            Scenes.start("waits for pipe", () -> thenStay(pipe.source().read(buffer)))};
        Thread.sleep(ms);
        plain.client.getOutputStream().write(1);
        timed.client.getOutputStream().write(1);
        pipe.sink().write(ByteBuffer.allocateDirect(1));
        for (Thread reader : readers) {
            while (reader.getState() != Thread.State.WAITING) {
                Thread.sleep(1);
            }
        }
    }

    private static void thenStay(int read) throws InterruptedException {
        if (read < 0) {
            throw new IllegalStateException("the end came, and no byte");
        }
        ExactCalls.stay();
    }

    /** {@code reads-in-all 10000 4}: so many reads and writes of one byte by each of so many threads. */
    static void readsInAll(String[] arguments) throws Exception {
        int times = Integer.parseInt(arguments[0]);
        Thread[] threads = new Thread[Integer.parseInt(arguments[1])];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = Scenes.start("reads much " + i, () -> {
                try (InputStream zeros = new FileInputStream("/dev/zero");
                        OutputStream nobody = new FileOutputStream("/dev/null")) {
                    for (int round = 0; round < times; round++) {
                        nobody.write(zeros.read());
                    }
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /**
     * {@code file-calls 23 DIRECTORY}: so many times {@code force} with and without the times of the file, a directory
     * made and deleted, and a try to open what is not there.
     */
    static void fileCalls(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[1]);
        try (FileChannel channel = FileChannel.open(directory.resolve("forced"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE)) {
            for (int round = 0; round < Integer.parseInt(arguments[0]); round++) {
                channel.force(true);
                channel.force(false);
                Files.delete(Files.createDirectory(directory.resolve("made")));
                ExactCalls.missStream(directory.resolve("missing").toFile());
            }
        }
    }
}
