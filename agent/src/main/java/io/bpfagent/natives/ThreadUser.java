package io.bpfagent.natives;

import static io.bpfagent.natives.NativeCalls.call;

import com.kenai.jffi.Library;
import java.nio.ByteBuffer;

/**
 * Lets one thread of the command line act as another user, with the capabilities that it has.
 *
 * <p>Inside a user namespace root of the host is nobody: HotSpot and the agent, which let in their own user and
 * root, refuse it, and the files that it would make there have no owner. A thread with the effective user and group
 * of the JVM is let in. User and capabilities belong to the thread in Linux; it is the C library that changes them
 * for all, so the system calls are made by number here. The agent itself never uses this.
 *
 * <p>Assumptions: the thread is root and ends after what it has to do. Guarantees: no other thread is changed.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/credentials.7.html">credentials(7)</a>
 */
public final class ThreadUser {
    private static final boolean X86 = LibraryFiles.architecture(System.getProperty("os.arch", "")).equals("x86_64");
    private static final long SETRESUID = X86 ? 117 : 147;
    private static final long SETRESGID = X86 ? 119 : 149;
    private static final long CAPGET = X86 ? 125 : 90;
    private static final long CAPSET = X86 ? 126 : 91;
    /** _LINUX_CAPABILITY_VERSION_3: two words for each of effective, permitted and inheritable. */
    private static final int CAPABILITY_VERSION = 0x20080522;
    private static final int HEADER_BYTES = 8;
    private static final int DATA_BYTES = 24;
    private static final int UNCHANGED = -1;

    private ThreadUser() {}

    /**
     * Gives the calling thread this effective user and group, and these as the owner of what it makes.
     *
     * @throws NativeTierException when the kernel refuses, for the thread is not root; then it is to end as well
     */
    public static void become(int uid, int gid) throws NativeTierException {
        long syscall = NativeCalls.function(Library.getDefault(), "syscall");
        try (NativeMemory header = NativeMemory.allocate(HEADER_BYTES);
                NativeMemory data = NativeMemory.allocate(DATA_BYTES)) {
            header.buffer().putInt(0, CAPABILITY_VERSION);
            done("capget", call(syscall, CAPGET, header.address(), data.address()));
            done("setresgid", call(syscall, SETRESGID, UNCHANGED, gid, UNCHANGED));
            done("setresuid", call(syscall, SETRESUID, UNCHANGED, uid, UNCHANGED));
            // The change of user has taken the effective ones; the permitted stay, since the real user does.
            ByteBuffer words = data.buffer();
            words.putInt(0, words.getInt(4));
            words.putInt(12, words.getInt(16));
            done("capset", call(syscall, CAPSET, header.address(), data.address()));
        }
    }

    private static void done(String what, long result) throws NativeTierException {
        if (result < 0) {
            throw new NativeTierException(what + ": " + Errno.name(NativeTier.errno()));
        }
    }
}
