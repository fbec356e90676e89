package io.bpfagent.workload;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** TCP connections of which everything is known: how many, with how many bytes, who opens and who closes them. */
final class Connections {
    private static final int BACKLOG = 1024;
    private static final int PATIENCE_MS = 20_000;
    private static final List<Socket> HELD = new ArrayList<>();

    private Connections() {}

    /**
     * {@code serve NAME ADDRESS TIMES BYTES}: prints {@code NAME listens PORT}; the thread NAME accepts so many
     * connections, and of each reads all that comes, sends so many bytes, and closes it; then it stays, and so does the
     * port. The scene is over when it listens.
     */
    static void serve(String[] arguments) throws IOException {
        int times = Integer.parseInt(arguments[2]);
        byte[] reply = new byte[Integer.parseInt(arguments[3])];
        listen(arguments[0], arguments[1], times, socket -> {
            readAll(socket.getInputStream());
            socket.getOutputStream().write(reply);
        });
    }

    /** {@code serve-rudely NAME ADDRESS TIMES}: likewise, but reads one byte of what comes and closes. */
    static void serveRudely(String[] arguments) throws IOException {
        listen(arguments[0], arguments[1], Integer.parseInt(arguments[2]), socket -> {
            InputStream in = socket.getInputStream();
            in.read();
            while (in.available() == 0) {
                Thread.sleep(1);
            }
        });
    }

    /** {@code serve-patiently NAME ADDRESS TIMES}: likewise, but waits until the other end has ended it, in any way. */
    static void servePatiently(String[] arguments) throws IOException {
        listen(arguments[0], arguments[1], Integer.parseInt(arguments[2]), socket -> {
            try {
                readAll(socket.getInputStream());
            } catch (IOException e) {
                // it was reset
            }
        });
    }

    /** What is done with an accepted connection before it is closed. */
    @FunctionalInterface
    private interface Service {
        void serve(Socket socket) throws Exception;
    }

    private static void listen(String name, String address, int times, Service service) throws IOException {
        ServerSocket server = new ServerSocket(0, BACKLOG, InetAddress.getByName(address));
        Scenes.start(name, () -> {
            for (int i = 0; i < times; i++) {
                try (Socket socket = server.accept()) {
                    service.serve(socket);
                }
            }
            System.out.println(name + " has served");
            stay(server);
        });
        System.out.println(name + " listens " + server.getLocalPort());
    }

    /**
     * {@code open NAME ADDRESS PORT TIMES BYTES}: the thread NAME opens so many connections, one after the other, on
     * each sends so many bytes and its end, reads all that comes, and closes it; then it stays.
     */
    static void open(String[] arguments) throws InterruptedException {
        byte[] request = new byte[Integer.parseInt(arguments[4])];
        by(arguments[0], Integer.parseInt(arguments[3]), () -> {
            try (Socket socket = connect(arguments[1], arguments[2])) {
                socket.getOutputStream().write(request);
                socket.shutdownOutput();
                readAll(socket.getInputStream());
            }
        });
    }

    /** {@code be-refused NAME ADDRESS PORT TIMES}: the thread NAME tries to open so many connections; then it stays. */
    static void beRefused(String[] arguments) throws InterruptedException {
        by(arguments[0], Integer.parseInt(arguments[3]), () -> {
            try {
                connect(arguments[1], arguments[2]).close();
                throw new IllegalStateException("somebody listens");
            } catch (IOException e) {
                // as it should be
            }
        });
    }

    /** {@code hold ADDRESS PORT TIMES}: opens so many connections and keeps them until the scene {@code release}. */
    static void hold(String[] arguments) throws IOException {
        for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
            synchronized (HELD) {
                HELD.add(connect(arguments[0], arguments[1]));
            }
        }
    }

    /** {@code release NAME}: the thread NAME closes them; then it stays. */
    static void release(String[] arguments) throws InterruptedException {
        by(arguments[0], 1, () -> {
            synchronized (HELD) {
                for (Socket socket : HELD) {
                    socket.close();
                }
                HELD.clear();
            }
        });
    }

    /**
     * {@code ask TIMES BYTES}: so many times sends so many bytes on the connection that was opened last by {@code
     * hold}, to a server that sends each byte back, and waits for as many.
     */
    static void ask(String[] arguments) throws IOException {
        byte[] bytes = new byte[Integer.parseInt(arguments[1])];
        Socket socket;
        synchronized (HELD) {
            socket = HELD.get(HELD.size() - 1);
        }
        for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
            socket.getOutputStream().write(bytes);
            socket.getInputStream().readNBytes(bytes, 0, bytes.length);
        }
    }

    /** {@code echo NAME ADDRESS TIMES}: as {@code serve}, but sends back what comes, as it comes. */
    static void echo(String[] arguments) throws IOException {
        listen(arguments[0], arguments[1], Integer.parseInt(arguments[2]),
                socket -> socket.getInputStream().transferTo(socket.getOutputStream()));
    }

    private static void by(String name, int times, Scenes.Body body) throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        Scenes.start(name, () -> {
            for (int i = 0; i < times; i++) {
                body.run();
            }
            over.countDown();
            stay(over);
        });
        over.await();
    }

    private static Socket connect(String address, String port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(address, Integer.parseInt(port)), PATIENCE_MS);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static void readAll(InputStream in) throws IOException {
        byte[] some = new byte[8192];
        int read = 0;
        while (read >= 0) {
            read = in.read(some);
        }
    }

    private static void stay(Object forGood) throws InterruptedException {
        synchronized (forGood) {
            while (true) {
                forGood.wait();
            }
        }
    }
}
