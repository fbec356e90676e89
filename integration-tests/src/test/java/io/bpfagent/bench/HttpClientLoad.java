package io.bpfagent.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;

/**
 * Connections that are kept, each with one request after the other: as many as the server can answer. Written for this,
 * because it shares the CPUs with the server and is to take as little of them as it can.
 *
 * <p>See {@link Questions}. When a connection fails, it ends.
 */
public final class HttpClientLoad {
    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final String LENGTH = "\r\ncontent-length:";
    /** More than an answer's head. */
    private static final int BUFFER_BYTES = 16 * 1024;

    private static final LongAdder ANSWERS = new LongAdder();

    private HttpClientLoad() {}

    /** @param args the server's port here, and how many connections */
    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(args[0]);
        for (int i = 1; i <= Integer.parseInt(args[1]); i++) {
            int number = i;
            Thread thread = new Thread(() -> ask(port, number), "client-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        System.out.println("ready");
        Questions.answer(ANSWERS);
    }

    private static void ask(int port, int number) {
        byte[] request = ("GET /page?visitor-" + number + " HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n"
                + "User-Agent: bench\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] buffer = new byte[BUFFER_BYTES];
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            while (true) {
                out.write(request);
                skipAnswer(in, buffer);
                ANSWERS.increment();
            }
        } catch (IOException | RuntimeException e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    /** Reads one answer: its head, which must be whole in the buffer, and as much as that says. */
    private static void skipAnswer(InputStream in, byte[] buffer) throws IOException {
        int read = 0;
        int end = -1;
        while (end < 0) {
            int more = in.read(buffer, read, buffer.length - read);
            if (more <= 0) {
                throw new EOFException("after " + read + " bytes of an answer");
            }
            read += more;
            end = indexOf(buffer, read, END_OF_HEAD);
        }
        int at = indexOf(buffer, end, LENGTH);
        if (buffer["HTTP/1.1 ".length()] != '2' || at < 0) {
            throw new IOException("answered " + new String(buffer, 0, end, StandardCharsets.US_ASCII));
        }
        long left = end + END_OF_HEAD.length() + number(buffer, at + LENGTH.length()) - read;
        while (left > 0) {
            int more = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (more <= 0) {
                throw new EOFException(left + " bytes before the end of an answer");
            }
            left -= more;
        }
    }

    /** Where that is, in upper or lower case; -1 if nowhere. */
    private static int indexOf(byte[] buffer, int end, String text) {
        int length = text.length();
        for (int from = 0; from + length <= end; from++) {
            int same = 0;
            while (same < length && lowerCase(buffer[from + same]) == text.charAt(same)) {
                same++;
            }
            if (same == length) {
                return from;
            }
        }
        return -1;
    }

    private static int lowerCase(byte character) {
        return character >= 'A' && character <= 'Z' ? character + ('a' - 'A') : character;
    }

    private static int number(byte[] buffer, int from) {
        int at = from;
        while (buffer[at] == ' ') {
            at++;
        }
        int number = 0;
        while (buffer[at] >= '0' && buffer[at] <= '9') {
            number = number * 10 + buffer[at++] - '0';
        }
        return number;
    }
}
