package io.bpfagent.hotspot;

import io.bpfagent.hotspot.MemoryReader.UnreadableException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out where libjvm keeps the current thread, by looking for the JavaThreads that are known.
 *
 * <p>Works for glibc on x86_64, where pthread_t is the thread control block that fsbase points to
 * ({@code tcbhead_t}: itself, the dtv, itself again) and a dtv entry is {@code {block, to_free}}.
 */
final class TlsLocator {
    /** A bound for a dtv; libjvm is the second to fifth module everywhere seen. */
    static final int MAX_MODULES = 256;

    private static final int DTV_ENTRY_BYTES = 16;
    /** More threads make it no surer. */
    private static final int MAX_THREADS = 16;
    /** libjvm's block has 65 (17) to 80 (25) bytes. */
    private static final long MAX_TLS_BYTES = 16 * 1024;

    private final MemoryReader memory;
    private final long tlsBytes;

    private TlsLocator(OwnMemory memory, long tlsBytes) {
        this.memory = new MemoryReader(memory);
        this.tlsBytes = Math.min(tlsBytes, MAX_TLS_BYTES);
    }

    /**
     * The one place that holds its own JavaThread in every one of these threads.
     *
     * @param javaThreads their JavaThreads
     * @param pthreads    their pthread_t, 0 where not known
     */
    static Finding<TlsLocation> locate(
            OwnMemory memory, LibJvm jvm, long[] javaThreads, long[] pthreads, int count) {
        String machine = System.getProperty("os.arch");
        if (!machine.equals("amd64") && !machine.equals("x86_64")) {
            return Finding.missing("the thread-local storage of " + machine + " is not supported yet");
        }
        if (jvm.tlsBytes() < 8) {
            return Finding.missing("libjvm.so has no thread-local segment");
        }
        return new TlsLocator(memory, jvm.tlsBytes()).locate(javaThreads, pthreads, count);
    }

    private Finding<TlsLocation> locate(long[] javaThreads, long[] pthreads, int count) {
        List<TlsLocation> common = null;
        int seen = 0;
        int foreign = 0;
        for (int i = 0; i < count && seen < MAX_THREADS; i++) {
            try {
                if (javaThreads[i] == 0 || pthreads[i] == 0) {
                    continue;
                }
                if (memory.word(pthreads[i]) != pthreads[i] || memory.word(pthreads[i] + 16) != pthreads[i]) {
                    foreign++;
                    continue;
                }
                List<TlsLocation> candidates = candidates(pthreads[i], javaThreads[i]);
                // a thread that is just starting or ending has its JavaThread nowhere
                if (candidates.isEmpty()) {
                    continue;
                }
                seen++;
                if (common == null) {
                    common = candidates;
                } else {
                    common.retainAll(candidates);
                }
            } catch (UnreadableException e) {
                // the thread has ended meanwhile
                continue;
            }
        }
        if (seen < 2) {
            return Finding.missing(foreign > 0
                    ? "the C library's thread control block is not glibc's"
                    : "fewer than two threads have their JavaThread in libjvm's thread-local block");
        }
        return common.isEmpty()
                ? Finding.missing("no word of libjvm's thread-local block is the JavaThread in all of "
                        + seen + " threads")
                : Finding.found(common.get(0));
    }

    private List<TlsLocation> candidates(long pthread, long javaThread) throws UnreadableException {
        List<TlsLocation> found = new ArrayList<>();
        long dtv = memory.word(pthread + 8);
        // dtv[-1] is how many entries there are, dtv[0] its generation
        long modules = Math.min(MAX_MODULES, memory.word(dtv - DTV_ENTRY_BYTES));
        for (int module = 1; module <= modules; module++) {
            long block = memory.word(dtv + (long) DTV_ENTRY_BYTES * module);
            // 0 or -1: this thread has not used that library's block
            if (block == 0 || block == -1) {
                continue;
            }
            ByteBuffer words;
            try {
                words = memory.bytes(block, (int) tlsBytes);
            } catch (UnreadableException e) {
                // a smaller block of another library, at the end of what is mapped
                continue;
            }
            for (int offset = 0; offset + 8 <= tlsBytes; offset += 8) {
                if (words.getLong(offset) == javaThread) {
                    found.add(new TlsLocation(module, offset));
                }
            }
        }
        return found;
    }
}
