package io.bpfagent.kernel;

import io.bpfagent.natives.LibC;
import io.bpfagent.natives.NativeMemory;
import java.nio.ByteBuffer;

/**
 * Keeps the signals of profilers from the calling thread while programs are loaded.
 *
 * <p>The verifier gives up with EAGAIN as soon as a signal waits for its thread (kernel/bpf/verifier.c, do_check),
 * and libbpf tries five times. A profiler that sends SIGPROF every millisecond, as async-profiler can, never lets a
 * program through for which the verifier takes longer than that. Signals of processes go to other threads meanwhile;
 * one that was meant for this thread is delivered when the mask is taken back.
 *
 * <p>One thread opens and closes it, in this order. Where the mask cannot be set, nothing is changed, and loading
 * works as a rule all the same.
 */
final class SignalMask implements AutoCloseable {
    private static final int SIGVTALRM = 26;
    private static final int SIGPROF = 27;
    /** sizeof(sigset_t) of glibc: 1,024 bits. */
    private static final int SET_BYTES = 128;

    private final LibC libC;
    private final NativeMemory kept;
    private boolean set;

    private SignalMask(LibC libC, NativeMemory kept) {
        this.libC = libC;
        this.kept = kept;
    }

    /** Sets it for the calling thread. */
    static SignalMask set(LibC libC) {
        SignalMask mask = new SignalMask(libC, NativeMemory.allocate(SET_BYTES));
        try (NativeMemory profilers = NativeMemory.allocate(SET_BYTES)) {
            ByteBuffer bits = profilers.buffer();
            bits.putLong(0, 1L << SIGPROF - 1 | 1L << SIGVTALRM - 1);
            mask.set = libC.pthread_sigmask(LibC.SIG_BLOCK, profilers.address(), mask.kept.address()) == 0;
            return mask;
        } catch (RuntimeException | Error e) {
            mask.close();
            throw e;
        }
    }

    @Override
    public void close() {
        try (NativeMemory freed = kept) {
            if (set) {
                set = false;
                libC.pthread_sigmask(LibC.SIG_SETMASK, freed.address(), 0);
            }
        }
    }
}
