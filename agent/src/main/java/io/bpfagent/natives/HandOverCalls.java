package io.bpfagent.natives;

/**
 * The functions of libc and libbpf that only a hand-over of descriptors needs, with their C names and order of
 * arguments. As in {@link LibC}, after -1 the calling thread finds the cause in {@link NativeTier#errno()}; those of
 * libbpf give {@code -errno}.
 */
public interface HandOverCalls {
    int socket(int domain, int type, int protocol);

    int bind(int fd, long address, int length);

    int listen(int fd, int backlog);

    int accept4(int fd, long address, long length, int flags);

    int connect(int fd, long address, int length);

    int getsockopt(int fd, int level, int option, long value, long length);

    int poll(long fds, long count, int timeoutMs);

    long sendmsg(int fd, long message, int flags);

    long recvmsg(int fd, long message, int flags);

    /** From now on no system call and no mapping can write to the map; programs still can. */
    int bpf_map_freeze(int mapFd);
}
