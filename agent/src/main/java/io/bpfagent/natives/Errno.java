package io.bpfagent.natives;

/** Names of the error numbers of Linux that libbpf and mmap(2) give; equal on x86_64 and arm64. */
final class Errno {
    private Errno() {}

    /** E.g. {@code EPERM} for 1, else {@code errno N}. */
    static String name(int number) {
        switch (number) {
            case 1: return "EPERM";
            case 2: return "ENOENT";
            case 3: return "ESRCH";
            case 4: return "EINTR";
            case 5: return "EIO";
            case 6: return "ENXIO";
            case 7: return "E2BIG";
            case 8: return "ENOEXEC";
            case 9: return "EBADF";
            case 11: return "EAGAIN";
            case 12: return "ENOMEM";
            case 13: return "EACCES";
            case 14: return "EFAULT";
            case 16: return "EBUSY";
            case 17: return "EEXIST";
            case 19: return "ENODEV";
            case 20: return "ENOTDIR";
            case 22: return "EINVAL";
            case 23: return "ENFILE";
            case 24: return "EMFILE";
            case 28: return "ENOSPC";
            case 34: return "ERANGE";
            case 38: return "ENOSYS";
            case 95: return "EOPNOTSUPP";
            case 110: return "ETIMEDOUT";
            case 524: return "ENOTSUPP";
            default: return "errno " + number;
        }
    }
}
