package io.bpfagent.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Talks to a server as the command line does. */
final class ControlClient implements AutoCloseable {
    private final SocketChannel channel;
    private final BufferedReader lines;

    ControlClient(Path socket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        lines = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
    }

    ControlClient send(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        return this;
    }

    /** The next answer, or null at the end. */
    String answer() throws IOException {
        return lines.readLine();
    }

    String ask(String line) throws IOException {
        return send(line + "\n").answer();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
