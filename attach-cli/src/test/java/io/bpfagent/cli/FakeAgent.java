package io.bpfagent.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** An agent's control socket that answers what the test says, and remembers what it was asked. */
public final class FakeAgent implements AutoCloseable {

    private final Path directory;
    private final ServerSocketChannel server;
    private final UnaryOperator<String> answers;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /**
     * @param tmp the /tmp of the JVM
     * @param answers from request to answer, both one line; null closes without one
     */
    public FakeAgent(Path tmp, UnaryOperator<String> answers) {
        this.answers = answers;
        this.directory = tmp.resolve(".bpf-agent-" + FakeMachine.INNER_PID);
        try {
            Files.createDirectory(directory,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(directory.resolve("control.sock")));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        Thread thread = new Thread(this::serve, "fake-agent");
        thread.setDaemon(true);
        thread.start();
    }

    /** An agent that gives these answers, one each, and then is gone with its JVM. */
    static FakeAgent ending(FakeMachine machine, String... answers) {
        return ending(machine, true, answers);
    }

    /** The same; whether its JVM is gone too is said. */
    static FakeAgent ending(FakeMachine machine, boolean jvmToo, String... answers) {
        Deque<String> left = new ArrayDeque<>(List.of(answers));
        FakeAgent[] agent = new FakeAgent[1];
        agent[0] = new FakeAgent(machine.tmp(), request -> {
            String answer = left.removeFirst();
            if (left.isEmpty()) {
                agent[0].end(machine, jvmToo);
            }
            return answer;
        });
        return agent[0];
    }

    /** Goes, as an agent does whose JVM ends. */
    void end(FakeMachine machine, boolean jvmToo) {
        try {
            close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        if (jvmToo) {
            machine.end(Integer.toString(FakeMachine.PID));
        }
    }

    /** All requests so far. */
    public List<String> requests() {
        return requests;
    }

    private void serve() {
        while (true) {
            SocketChannel client;
            try {
                client = server.accept();
            } catch (IOException closed) {
                return;
            }
            try (SocketChannel channel = client) {
                answer(channel);
            } catch (IOException gone) {
                // A client that did not wait for its turn; the next one may.
                continue;
            }
        }
    }

    private void answer(SocketChannel channel) throws IOException {
        String request = readLine(channel);
        requests.add(request);
        String answer = answers.apply(request);
        if (answer != null) {
            send(channel, answer);
        }
        if (request.contains("\"detach\"") && answer != null && answer.contains("detached")) {
            close();
        }
    }

    private static void send(SocketChannel channel, String answer) {
        try {
            channel.write(ByteBuffer.wrap((answer.strip() + "\n").getBytes(StandardCharsets.UTF_8)));
        } catch (IOException gone) {
            // A client that did not wait; the next one may.
        }
    }

    private static String readLine(SocketChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(10_000);
        while (channel.read(buffer) >= 0) {
            if (buffer.position() > 0 && buffer.get(buffer.position() - 1) == '\n') {
                break;
            }
        }
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8).strip();
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(directory.resolve("control.sock"));
        Files.deleteIfExists(directory);
    }
}
