package io.bpfagent.natives;

/**
 * Names of the error numbers of Linux that libbpf and mmap(2) give, and open(2) and connect(2); equal on x86_64 and
 * arm64. Any thread.
 */
public final class Errno {
    private Errno() {}

    /** E.g. {@code EPERM} for 1, else {@code errno N}. */
    public static String name(int number) {
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
            case 10: return "ECHILD";
            case 11: return "EAGAIN";
            case 12: return "ENOMEM";
            case 13: return "EACCES";
            case 14: return "EFAULT";
            case 16: return "EBUSY";
            case 17: return "EEXIST";
            case 18: return "EXDEV";
            case 19: return "ENODEV";
            case 20: return "ENOTDIR";
            case 21: return "EISDIR";
            case 22: return "EINVAL";
            case 23: return "ENFILE";
            case 24: return "EMFILE";
            case 25: return "ENOTTY";
            case 26: return "ETXTBSY";
            case 27: return "EFBIG";
            case 28: return "ENOSPC";
            case 29: return "ESPIPE";
            case 30: return "EROFS";
            case 31: return "EMLINK";
            case 32: return "EPIPE";
            case 34: return "ERANGE";
            case 35: return "EDEADLK";
            case 36: return "ENAMETOOLONG";
            case 38: return "ENOSYS";
            case 39: return "ENOTEMPTY";
            case 40: return "ELOOP";
            case 71: return "EPROTO";
            case 75: return "EOVERFLOW";
            case 84: return "EILSEQ";
            case 88: return "ENOTSOCK";
            case 90: return "EMSGSIZE";
            case 91: return "EPROTOTYPE";
            case 93: return "EPROTONOSUPPORT";
            case 95: return "EOPNOTSUPP";
            case 97: return "EAFNOSUPPORT";
            case 98: return "EADDRINUSE";
            case 99: return "EADDRNOTAVAIL";
            case 100: return "ENETDOWN";
            case 101: return "ENETUNREACH";
            case 102: return "ENETRESET";
            case 103: return "ECONNABORTED";
            case 104: return "ECONNRESET";
            case 105: return "ENOBUFS";
            case 106: return "EISCONN";
            case 107: return "ENOTCONN";
            case 110: return "ETIMEDOUT";
            case 111: return "ECONNREFUSED";
            case 112: return "EHOSTDOWN";
            case 113: return "EHOSTUNREACH";
            case 114: return "EALREADY";
            case 115: return "EINPROGRESS";
            case 116: return "ESTALE";
            case 117: return "EUCLEAN";
            case 122: return "EDQUOT";
            case 123: return "ENOMEDIUM";
            case 125: return "ECANCELED";
            case 126: return "ENOKEY";
            case 524: return "ENOTSUPP";
            default: return "errno " + number;
        }
    }
}
