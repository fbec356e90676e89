package io.bpfagent.workload;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A conversation over a socket in which the answer takes 50 ms. */
final class Echo {
    private static final long ANSWER_MS = 50;

    private Echo() {}

    /** {@code echoes 23}: the thread "socket reader" asks so many times, "socket writer" answers. */
    static void echoes(String[] arguments) throws Exception {
        int times = Integer.parseInt(arguments[0]);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket peer = server.accept()) {
            client.setTcpNoDelay(true);
            peer.setTcpNoDelay(true);
            Thread writer = Scenes.start("socket writer", () -> {
                for (int i = 0; i < times; i++) {
                    peer.getInputStream().read();
                    Thread.sleep(ANSWER_MS);
                    peer.getOutputStream().write(i);
                }
            });
            Thread reader = Scenes.start("socket reader", () -> {
                for (int i = 0; i < times; i++) {
                    client.getOutputStream().write(i);
                    client.getInputStream().read();
                }
            });
            reader.join();
            writer.join();
        }
    }
}
