package io.bpfagent.hotspot;

/**
 * Where a thread finds its own JavaThread: {@code *(dtv[module] + offset)}, with the thread's dtv at
 * {@code *(fsbase + 8)} and dtv entries of 16 bytes (glibc on x86_64).
 *
 * @param module libjvm's index in the dtv, 1..256
 * @param offset of Thread::_thr_current in libjvm's thread-local block, in bytes
 */
public record TlsLocation(int module, int offset) {
    public TlsLocation {
        if (module < 1 || module > TlsLocator.MAX_MODULES || offset < 0) {
            throw new IllegalArgumentException("module must be 1.." + TlsLocator.MAX_MODULES
                    + " and offset >= 0, module=" + module + " offset=" + offset);
        }
    }

    // Written out for the same reason as ThreadIdentity's.
    @Override
    public boolean equals(Object object) {
        return object instanceof TlsLocation other && module == other.module && offset == other.offset;
    }

    @Override
    public int hashCode() {
        return module * 31 + offset;
    }
}
