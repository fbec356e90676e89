package io.bpfagent.handover;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.bpfagent.natives.HandOverCalls;
import io.bpfagent.natives.NativeMemory;
import io.bpfagent.natives.NativeTier;
import io.bpfagent.natives.NativeTierException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A unix socket of the kind that keeps messages apart (SOCK_SEQPACKET), which can carry file descriptors.
 *
 * <p>Java's own sockets cannot, so it is made by libc's functions. Constants and layouts: unix(7), recvmsg(2),
 * cmsg(3) on 64-bit Linux.
 *
 * <p>Assumptions: one thread. Guarantees: waits only as long as it is told; a message that was cut short, or has come
 * with more descriptors than expected, is refused, and what came with it is closed; closing twice is harmless.
 */
public final class PacketSocket implements AutoCloseable {
    /** More than any message has; the kernel would take 200 KiB. */
    private static final int MOST_BYTES = 128 * 1024;
    /** The kernel takes 253 (SCM_MAX_FD). */
    static final int MOST_FDS = 250;
    private static final int AF_UNIX = 1;
    private static final int SOCK_SEQPACKET = 5;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_CTRUNC = 0x8;
    private static final int MSG_TRUNC = 0x20;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x4000_0000;
    private static final int POLLIN = 1;
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;
    /** Who listens takes the first at once. */
    private static final int CONNECT_MS = 15_000;
    /** Between two looks whether to wait any longer. */
    private static final int LOOK_MS = 200;
    /** Between two tries. */
    private static final long TRY_NS = 20_000_000;
    /** struct sockaddr_un: its family, then the path. */
    private static final int ADDRESS_BYTES = 110;
    private static final int PATH_AT = 2;
    /** struct ucred: pid, uid, gid. */
    private static final int UCRED_BYTES = 12;
    /** struct msghdr. */
    private static final int HEADER_BYTES = 56;
    private static final int HEADER_IOV = 16;
    private static final int HEADER_IOV_COUNT = 24;
    private static final int HEADER_CONTROL = 32;
    private static final int HEADER_CONTROL_BYTES = 40;
    private static final int HEADER_FLAGS = 48;
    /** struct iovec behind it, then struct cmsghdr with the descriptors. */
    private static final int IOV_AT = HEADER_BYTES;
    private static final int CONTROL_AT = IOV_AT + 16;
    private static final int CONTROL_LEVEL = 8;
    private static final int CONTROL_TYPE = 12;
    private static final int CONTROL_FDS = 16;
    private static final int MESSAGE_BYTES = CONTROL_AT + CONTROL_FDS + MOST_FDS * Integer.BYTES;

    private final NativeTier natives;
    private final HandOverCalls calls;
    private int fd;
    /** Null: waits for as long as it is told. */
    private BooleanSupplier ending;

    private PacketSocket(NativeTier natives, HandOverCalls calls, int fd) {
        this.natives = natives;
        this.calls = calls;
        this.fd = fd;
    }

    /**
     * Who is at the other end, as the kernel sees it. @param pid in this process's namespace; 0 where it is not in it
     */
    public record Peer(int pid, int uid) {
    }

    /** A socket at this path, which must not exist, for one to come. */
    public static PacketSocket listen(NativeTier natives, Path path) throws HandOverException, NativeTierException {
        PacketSocket socket = make(natives, 0);
        try (NativeMemory address = address(path)) {
            socket.checked(socket.calls.bind(socket.fd, address.address(), ADDRESS_BYTES), "bind to " + path);
            socket.checked(socket.calls.listen(socket.fd, 1), "listen");
            return socket;
        } catch (HandOverException | RuntimeException | Error e) {
            socket.close();
            throw e;
        }
    }

    /** Connected to the one at this path: within 15 s. */
    public static PacketSocket connect(NativeTier natives, Path path) throws HandOverException, NativeTierException {
        return connect(natives, path, CONNECT_MS);
    }

    /** The same, where whoever listens may have as many waiting as it wants to, and take none. */
    static PacketSocket connect(NativeTier natives, Path path, int timeoutMs)
            throws HandOverException, NativeTierException {
        // It stays so: what is received is waited for by poll(2), and what is sent finds room or nobody reads.
        PacketSocket socket = make(natives, SOCK_NONBLOCK);
        long beganNs = System.nanoTime();
        try (NativeMemory address = address(path)) {
            while (!socket.isConnected(address, path)) {
                if (System.nanoTime() - beganNs > timeoutMs * 1_000_000L) {
                    throw new HandOverException("nobody takes a connection to " + path + " in " + timeoutMs / 1000
                            + " s");
                }
                LockSupport.parkNanos(TRY_NS);
            }
            return socket;
        } catch (HandOverException | RuntimeException | Error e) {
            socket.close();
            throw e;
        }
    }

    private boolean isConnected(NativeMemory address, Path path) throws HandOverException {
        int result = calls.connect(fd, address.address(), ADDRESS_BYTES);
        return (result >= 0 || NativeTier.errno() != EAGAIN) && checked(result, "connect to " + path) >= 0;
    }

    private static PacketSocket make(NativeTier natives, int flags) throws HandOverException, NativeTierException {
        PacketSocket socket = new PacketSocket(natives, natives.handOverCalls(), -1);
        socket.fd = socket.checked(socket.calls.socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | flags, 0), "socket");
        return socket;
    }

    private static NativeMemory address(Path path) throws HandOverException {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length >= ADDRESS_BYTES - PATH_AT) {
            throw new HandOverException(path + " is too long for a socket");
        }
        NativeMemory address = NativeMemory.allocate(ADDRESS_BYTES);
        address.buffer().putShort(0, (short) AF_UNIX).put(PATH_AT, name);
        return address;
    }

    /** From now on this, and what it accepts, waits for nobody once that is so: it is asked all 200 ms. */
    public void waitUnless(BooleanSupplier ended) {
        this.ending = ended;
    }

    /** Whoever comes first. */
    public PacketSocket accept(int timeoutMs) throws HandOverException {
        await(timeoutMs, "nobody has come");
        PacketSocket accepted = new PacketSocket(natives, calls,
                checked(calls.accept4(fd, 0, 0, SOCK_CLOEXEC), "accept4"));
        accepted.ending = ending;
        return accepted;
    }

    /** Of who connected, that process; of who listens, the one that called listen(2). */
    public Peer peer() throws HandOverException {
        try (NativeMemory value = NativeMemory.allocate(UCRED_BYTES);
                NativeMemory length = NativeMemory.allocate(Integer.BYTES)) {
            length.buffer().putInt(0, UCRED_BYTES);
            checked(calls.getsockopt(fd, SOL_SOCKET, SO_PEERCRED, value.address(), length.address()), "SO_PEERCRED");
            return new Peer(value.buffer().getInt(0), value.buffer().getInt(Integer.BYTES));
        }
    }

    /** Sends a document with descriptors, which stay this process's too. */
    public void send(JsonObject document, int... fds) throws HandOverException {
        byte[] text = document.toString().getBytes(StandardCharsets.UTF_8);
        if (text.length > MOST_BYTES || fds.length > MOST_FDS) {
            throw new HandOverException("a message of " + text.length + " bytes and " + fds.length + " descriptors");
        }
        try (NativeMemory content = NativeMemory.of(text); NativeMemory message = message(content, text.length)) {
            ByteBuffer fields = message.buffer();
            if (fds.length > 0) {
                int bytes = CONTROL_FDS + fds.length * Integer.BYTES;
                fields.putLong(HEADER_CONTROL, message.address() + CONTROL_AT).putLong(HEADER_CONTROL_BYTES, bytes);
                fields.putLong(CONTROL_AT, bytes).putInt(CONTROL_AT + CONTROL_LEVEL, SOL_SOCKET)
                        .putInt(CONTROL_AT + CONTROL_TYPE, SCM_RIGHTS);
                for (int i = 0; i < fds.length; i++) {
                    fields.putInt(CONTROL_AT + CONTROL_FDS + i * Integer.BYTES, fds[i]);
                }
            }
            checked((int) calls.sendmsg(fd, message.address(), MSG_NOSIGNAL), "sendmsg");
        }
    }

    private static NativeMemory message(NativeMemory content, long bytes) {
        NativeMemory message = NativeMemory.allocate(MESSAGE_BYTES);
        ByteBuffer fields = message.buffer();
        fields.putLong(HEADER_IOV, message.address() + IOV_AT).putLong(HEADER_IOV_COUNT, 1);
        fields.putLong(IOV_AT, content.address()).putLong(IOV_AT + Long.BYTES, bytes);
        return message;
    }

    /**
     * The next message, which must have exactly so many descriptors.
     *
     * @param expected or -1: any number
     */
    public Packet receive(int timeoutMs, int expected) throws HandOverException {
        await(timeoutMs, "no message has come");
        try (NativeMemory content = NativeMemory.allocate(MOST_BYTES);
                NativeMemory message = message(content, MOST_BYTES)) {
            ByteBuffer fields = message.buffer();
            fields.putLong(HEADER_CONTROL, message.address() + CONTROL_AT)
                    .putLong(HEADER_CONTROL_BYTES, MESSAGE_BYTES - CONTROL_AT);
            int bytes = checked((int) calls.recvmsg(fd, message.address(), MSG_CMSG_CLOEXEC), "recvmsg");
            int[] fds = fds(fields);
            boolean taken = false;
            try {
                if (bytes == 0) {
                    throw new HandOverException("the other end has closed the connection");
                }
                if ((fields.getInt(HEADER_FLAGS) & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
                    throw new HandOverException("a message was cut short");
                }
                if (expected >= 0 && fds.length != expected) {
                    throw new HandOverException("a message has " + fds.length + " descriptors where " + expected
                            + " are expected");
                }
                byte[] text = new byte[bytes];
                content.buffer().get(0, text);
                Packet packet = new Packet(parse(new String(text, StandardCharsets.UTF_8)), fds);
                taken = true;
                return packet;
            } finally {
                if (!taken) {
                    close(fds);
                }
            }
        }
    }

    private static int[] fds(ByteBuffer fields) {
        long length = fields.getLong(HEADER_CONTROL_BYTES) < CONTROL_FDS ? 0 : fields.getLong(CONTROL_AT);
        if (length < CONTROL_FDS || fields.getInt(CONTROL_AT + CONTROL_LEVEL) != SOL_SOCKET
                || fields.getInt(CONTROL_AT + CONTROL_TYPE) != SCM_RIGHTS) {
            return new int[0];
        }
        int[] fds = new int[(int) Math.min(MOST_FDS, (length - CONTROL_FDS) / Integer.BYTES)];
        for (int i = 0; i < fds.length; i++) {
            fds[i] = fields.getInt(CONTROL_AT + CONTROL_FDS + i * Integer.BYTES);
        }
        return fds;
    }

    static JsonObject parse(String text) throws HandOverException {
        try {
            JsonElement element = JsonParser.parseString(text);
            if (element.isJsonObject()) {
                return element.getAsJsonObject();
            }
        } catch (JsonParseException | StackOverflowError e) {
            throw new HandOverException("a message is no JSON document");
        }
        throw new HandOverException("a message is no JSON object");
    }

    private void await(int timeoutMs, String nothing) throws HandOverException {
        long endNs = System.nanoTime() + timeoutMs * 1_000_000L;
        try (NativeMemory poll = NativeMemory.allocate(Long.BYTES)) {
            poll.buffer().putInt(0, fd).putShort(Integer.BYTES, (short) POLLIN);
            int leftMs;
            int ready;
            int errno;
            do {
                if (ending != null && ending.getAsBoolean()) {
                    throw new HandOverException("it is not waited for any more");
                }
                leftMs = (int) Math.max(0, (endNs - System.nanoTime()) / 1_000_000);
                ready = calls.poll(poll.address(), 1, Math.min(leftMs, LOOK_MS));
                errno = ready < 0 ? NativeTier.errno() : 0;
            } while (errno == EINTR || ready == 0 && leftMs > LOOK_MS);
            checked(ready, "poll");
            if (ready == 0) {
                throw new HandOverException(nothing + " in " + timeoutMs / 1000 + " s");
            }
        }
    }

    private int checked(int result, String call) throws HandOverException {
        if (result < 0) {
            throw new HandOverException(call + " says " + natives.errorText(NativeTier.errno()));
        }
        return result;
    }

    /** Closes descriptors that came with a message. */
    public void close(int... fds) {
        for (int one : fds) {
            natives.libC().close(one);
        }
    }

    @Override
    public void close() {
        int closed = fd;
        fd = -1;
        if (closed >= 0) {
            natives.libC().close(closed);
        }
    }
}
