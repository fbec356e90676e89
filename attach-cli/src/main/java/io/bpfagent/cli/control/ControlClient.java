package io.bpfagent.cli.control;

import io.bpfagent.cli.errors.CliError;
import io.bpfagent.cli.errors.CliException;
import io.bpfagent.cli.jvm.AsUser;
import io.bpfagent.cli.jvm.Deadline;
import io.bpfagent.cli.jvm.TargetProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Map;

/** Talks to the agent in one JVM: one connection, one line each way, for every request. */
public final class ControlClient {

    /** An answer is made of the last snapshot, in milliseconds; this is for a host that is starved. */
    public static final long TIMEOUT_MS = 10_000;
    /** 4,096 threads with 16 states each are about 2 MiB; more than this is not an agent's answer. */
    private static final int MAX_ANSWER_BYTES = 256 << 20;
    private static final int BUFFER_BYTES = 64 << 10;

    private final TargetProcess target;
    private final long timeoutMs;

    public ControlClient(TargetProcess target) {
        this(target, TIMEOUT_MS);
    }

    /** @param timeoutMs for the whole exchange */
    public ControlClient(TargetProcess target, long timeoutMs) {
        this.target = target;
        this.timeoutMs = timeoutMs;
    }

    /**
     * The agent's answer, checked to be a document of our schema that is not an error.
     *
     * @throws CliException with NO_AGENT when nobody listens, REACH_* when the agent cannot be
     *     asked, ANSWER_* when it answers something else
     */
    public String ask(Request request) {
        try {
            return AsUser.call(target, () -> askNow(request));
        } catch (RuntimeException told) {
            throw told;
        } catch (Exception broken) {
            throw CliError.REACH_BROKEN.because(" (" + broken + "). Try again.", broken);
        }
    }

    private String askNow(Request request) {
        Path socket = target.controlSocket();
        checkOwner(socket.getParent());
        Deadline deadline = new Deadline(timeoutMs);
        try (deadline; SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            deadline.watch(channel);
            channel.connect(UnixDomainSocketAddress.of(socket));
            ByteBuffer line = ByteBuffer.wrap((request.toJson() + "\n").getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                channel.write(line);
            }
            return Documents.checked(readLine(channel));
        } catch (ConnectException refused) {
            throw noAgent();
        } catch (IOException broken) {
            throw explain(broken, deadline, socket);
        }
    }

    /** Whether there is a socket at all; it may be one that a killed JVM left behind. */
    public boolean socketExists() {
        return Files.exists(target.controlSocket(), LinkOption.NOFOLLOW_LINKS);
    }

    /** Only the JVM's own user can have made the directory; anybody may write to /tmp. */
    private void checkOwner(Path directory) {
        try {
            PosixFileAttributes attributes =
                Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            Map<String, Object> unix = Files.readAttributes(directory, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
            int uid = (Integer) unix.get("uid");
            int mode = (Integer) unix.get("mode") & 0777;
            if (!attributes.isDirectory() || uid != target.uid() || (mode & 0022) != 0) {
                throw CliError.REACH_FORGED.because(" (" + directory + ": "
                    + (attributes.isDirectory() ? "owner uid " + uid + " mode " + Integer.toOctalString(mode)
                        : "no directory")
                    + ", expected uid " + target.uid() + " mode 700). Find out who made it, then remove it.");
            }
        } catch (NoSuchFileException missing) {
            throw noAgent();
        } catch (AccessDeniedException denied) {
            throw otherUser();
        } catch (IOException broken) {
            throw CliError.REACH_BROKEN.because(" (" + directory + ": " + broken + "). Try again.", broken);
        }
    }

    private CliException noAgent() {
        return CliError.NO_AGENT.because(" " + target.pid() + ". Attach one with: attach-cli " + target.pid());
    }

    private CliException otherUser() {
        return CliError.REACH_OTHER_USER.because(" (" + target.pid() + " runs as uid " + target.uid()
            + "). Run the command as that user or with sudo.");
    }

    private CliException explain(IOException broken, Deadline deadline, Path socket) {
        if (deadline.passed()) {
            return CliError.REACH_TIMEOUT.because(" from JVM " + target.pid() + " within " + timeoutMs / 1000
                + " s. Is it stopped or starved? See: cat /proc/" + target.pid() + "/status", broken);
        }
        if (broken.getMessage() != null && broken.getMessage().contains("Permission denied")) {
            return otherUser();
        }
        if (Files.notExists(socket)) {
            return noAgent();
        }
        return CliError.REACH_BROKEN.because(" (" + socket + ": " + broken.getMessage() + "). Try again; if it"
            + " stays, look at the JVM's standard error.", broken);
    }

    private static String readLine(SocketChannel channel) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        while (channel.read(buffer.clear()) >= 0) {
            for (int i = 0; i < buffer.position(); i++) {
                if (buffer.get(i) == '\n') {
                    line.write(buffer.array(), 0, i);
                    return line.toString(StandardCharsets.UTF_8);
                }
            }
            line.write(buffer.array(), 0, buffer.position());
            if (line.size() > MAX_ANSWER_BYTES) {
                throw new IOException("an answer of more than " + MAX_ANSWER_BYTES + " bytes");
            }
        }
        throw new IOException("closed after " + line.size() + " bytes without an answer");
    }
}
