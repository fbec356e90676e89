package io.bpfagent.cli.jvm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Attaches to a JVM whose /tmp is another than this command's, through {@code /proc/PID/root}.
 *
 * <p>The JDK's own mechanism looks there only where the PID namespace is another too (until JDK 23), and so finds
 * nothing in a chroot, in a container with the host's PIDs, in a service with PrivateTmp. The protocol is HotSpot's,
 * version 1, which all releases speak: attachListener.cpp, attachListener_posix.cpp.
 */
final class SocketAttacher {

    /** As long as the JDK waits. */
    static final long LISTEN_WAIT_MS = 10_500;
    private static final long LISTEN_POLL_MS = 20;
    private static final int MAX_ANSWER_BYTES = 1 << 20;
    private static final Pattern RETURN_CODE = Pattern.compile("return code: (-?\\d+)");

    private SocketAttacher() {
    }

    /**
     * Returns when the jar's {@code agentmain} has returned.
     *
     * @param timeoutMs for all of it
     * @throws RefusedException when the JVM answers that it has not
     * @throws IOException when it does not answer
     */
    static void attach(TargetProcess target, String pathInTarget, String arguments, long timeoutMs)
        throws Exception {
        long began = System.nanoTime();
        if (!target.listensAlready()) {
            askToListen(target);
        }
        // The kernel takes the connection for a JVM in a long pause, which answers when that is over.
        Deadline deadline = new Deadline(Math.max(1, timeoutMs - (System.nanoTime() - began) / 1_000_000));
        try (deadline; SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            deadline.watch(channel);
            channel.connect(UnixDomainSocketAddress.of(target.listenFile()));
            String request = String.join("\0", "1", "load", "instrument", "false", pathInTarget + "=" + arguments, "");
            ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            check(readAll(channel));
        } catch (IOException broken) {
            throw deadline.passed() ? noAnswer(timeoutMs) : broken;
        }
    }

    /** Without a cause: what was thrown then says only that a channel was closed. */
    static IOException noAnswer(long timeoutMs) {
        return new IOException("no answer within " + timeoutMs / 1000 + " s");
    }

    /** A file that only its own user and root can have made, and the signal, make HotSpot open its socket. */
    private static void askToListen(TargetProcess target) throws Exception {
        try (HeldTmp tmp = HeldTmp.of(target)) {
            askToListen(target, tmp, ".attach_pid" + target.innerPid());
        }
    }

    private static void askToListen(TargetProcess target, HeldTmp tmp, String trigger) throws Exception {
        try {
            tmp.createFile(trigger);
        } catch (FileAlreadyExistsException leftBehind) {
            // It will do, if it is the JVM's user's; the JVM looks at that.
        }
        try {
            AgentNatives.call("ProcessSignal", "quit", new Class<?>[] {int.class}, target.pid());
            long deadline = System.nanoTime() + LISTEN_WAIT_MS * 1_000_000;
            while (!target.listensAlready()) {
                if (System.nanoTime() > deadline || !target.isAlive()) {
                    throw new IOException("no socket " + target.listenFile() + " within " + LISTEN_WAIT_MS / 1000
                        + " s");
                }
                Sleep.ms(LISTEN_POLL_MS);
            }
        } finally {
            tmp.deleteFile(trigger);
        }
    }

    /** The first line is the request's own result, the second that of the agent's library or why there is none. */
    static void check(String answer) throws RefusedException {
        String[] lines = answer.split("\n", 2);
        String rest = lines.length < 2 ? "" : lines[1].strip();
        Matcher code = RETURN_CODE.matcher(rest);
        if (!lines[0].strip().equals("0") || !code.find() || !code.group(1).equals("0")) {
            throw new RefusedException(rest.isEmpty() ? "the answer is " + lines[0].strip() : rest);
        }
    }

    private static String readAll(SocketChannel channel) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        while (channel.read(buffer.clear()) >= 0 && all.size() < MAX_ANSWER_BYTES) {
            all.write(buffer.array(), 0, buffer.position());
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    /** The JVM has answered, and not loaded the agent. */
    static final class RefusedException extends Exception {

        private static final long serialVersionUID = 1L;

        RefusedException(String answer) {
            super(answer);
        }
    }
}
