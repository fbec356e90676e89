package io.bpfagent.natives;

import static io.bpfagent.natives.NativeCalls.call;

import com.kenai.jffi.Library;

/** {@link HandOverCalls} in the C library that the JVM itself runs on, and in the opened libbpf. */
final class JffiHandOverCalls implements HandOverCalls {
    private final long socket;
    private final long bind;
    private final long listen;
    private final long accept4;
    private final long connect;
    private final long getsockopt;
    private final long poll;
    private final long sendmsg;
    private final long recvmsg;
    private final long bpf_map_freeze;

    JffiHandOverCalls(Library libbpf) throws NativeTierException {
        Library process = Library.getDefault();
        socket = NativeCalls.function(process, "socket");
        bind = NativeCalls.function(process, "bind");
        listen = NativeCalls.function(process, "listen");
        accept4 = NativeCalls.function(process, "accept4");
        connect = NativeCalls.function(process, "connect");
        getsockopt = NativeCalls.function(process, "getsockopt");
        poll = NativeCalls.function(process, "poll");
        sendmsg = NativeCalls.function(process, "sendmsg");
        recvmsg = NativeCalls.function(process, "recvmsg");
        bpf_map_freeze = NativeCalls.function(libbpf, "bpf_map_freeze");
    }

    @Override
    public int socket(int domain, int type, int protocol) {
        return (int) call(socket, domain, type, protocol);
    }

    @Override
    public int bind(int fd, long address, int length) {
        return (int) call(bind, fd, address, length);
    }

    @Override
    public int listen(int fd, int backlog) {
        return (int) call(listen, fd, backlog);
    }

    @Override
    public int accept4(int fd, long address, long length, int flags) {
        return (int) call(accept4, fd, address, length, flags);
    }

    @Override
    public int connect(int fd, long address, int length) {
        return (int) call(connect, fd, address, length);
    }

    @Override
    public int getsockopt(int fd, int level, int option, long value, long length) {
        return (int) call(getsockopt, fd, level, option, value, length);
    }

    @Override
    public int poll(long fds, long count, int timeoutMs) {
        return (int) call(poll, fds, count, timeoutMs);
    }

    @Override
    public long sendmsg(int fd, long message, int flags) {
        return call(sendmsg, fd, message, flags);
    }

    @Override
    public long recvmsg(int fd, long message, int flags) {
        return call(recvmsg, fd, message, flags);
    }

    @Override
    public int bpf_map_freeze(int mapFd) {
        return (int) call(bpf_map_freeze, mapFd);
    }
}
