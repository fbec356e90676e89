package io.bpfagent.hotspot;

import io.bpfagent.hotspot.MappedElf.Symbol;
import io.bpfagent.hotspot.MemoryReader.UnreadableException;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Learns {@link WaitClues} from a thread of its own, which parks, sleeps and waits while its futex is
 * read from {@code /proc/self/task/TID/syscall}.
 *
 * <p>HotSpot exports none of these offsets. Takes a few milliseconds, at most {@link #LIMIT_NS} each.
 */
final class WaitClueFinder implements Runnable {
    private static final long LIMIT_NS = 100_000_000;
    private static final long LOOK_AGAIN_NS = 100_000;
    /** The system call futex on x86_64; elsewhere the places of TLS are not known, so nothing is lost. */
    private static final String FUTEX_NUMBER = "202";
    private static final int FUTEX_COMMAND = 127;
    private static final int FUTEX_WAIT_BITSET = 9;

    private final OwnMemory memory;
    private final HotSpotLayout layout;
    private final JavaThreads threads;
    private final Object lock = new Object();
    private volatile int phase;

    WaitClueFinder(OwnMemory memory, HotSpotLayout layout, JavaThreads threads) {
        this.memory = memory;
        this.layout = layout;
        this.threads = threads;
    }

    /** What could be learnt; -1 or 0 for the rest. */
    WaitClues find() {
        WaitClues clues = observe();
        boolean some = Math.max(clues.parkerOffset(), clues.sleepEventOffset()) >= 0;
        if (!some || clues.complete()) {
            return clues;
        }
        // one in a thousand misses a wait, for lack of CPU time
        WaitClues again = new WaitClueFinder(memory, layout, threads).observe();
        return again.complete() ? again : clues;
    }

    private WaitClues observe() {
        Thread subject = new Thread(null, this, "bpf-agent-waits", 0, false);
        subject.setDaemon(true);
        int parker = -1;
        int sleepEvent = -1;
        int monitorEvent = -1;
        try {
            subject.start();
            long address = threads.address(subject);
            int[] tid = new int[1];
            new OsThreads(memory, layout).read(new long[] {address}, 1, tid, null);
            parker = learn(tid[0], address, -1);
            phase = 1;
            LockSupport.unpark(subject);
            sleepEvent = learn(tid[0], address, -1);
            phase = 2;
            subject.interrupt();
            monitorEvent = sleepEvent < 0 ? -1 : learn(tid[0], address, sleepEvent);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            // what has not been learnt stays -1; the error is that of a limit on the number of threads
        } finally {
            phase = 3;
            LockSupport.unpark(subject);
            subject.interrupt();
        }
        long[] syscall = syscallFunction();
        return new WaitClues(parker, sleepEvent, monitorEvent, syscall[0], syscall[1]);
    }

    /** What the observed thread does: it waits in the way of each phase. */
    @Override
    public void run() {
        while (phase == 0) {
            LockSupport.park(this);
        }
        while (phase < 3) {
            try {
                if (phase == 1) {
                    Thread.sleep(1_000);
                } else {
                    synchronized (lock) {
                        lock.wait(1_000);
                    }
                }
            } catch (InterruptedException e) {
                // the next phase
            }
        }
    }

    /**
     * Looks at what the thread waits for until that gives the phase's offset. A futex may be none of
     * those wanted: the thread may still be in the wait before, or in one of HotSpot's own.
     *
     * @param except   an offset that is not taken
     * @return the offset, -1 when none came in time
     */
    private int learn(int tid, long javaThread, int except) throws IOException {
        byte[] line = new byte[256];
        long deadline = System.nanoTime() + LIMIT_NS;
        while (System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(LOOK_AGAIN_NS);
            int length;
            try (FileInputStream in = new FileInputStream("/proc/self/task/" + tid + "/syscall")) {
                length = in.read(line);
            }
            // number, six arguments, sp, pc; "running" while it runs
            String[] fields = new String(line, 0, Math.max(0, length), StandardCharsets.US_ASCII).split(" ");
            if (fields.length > 3 && fields[0].equals(FUTEX_NUMBER)
                    && (Long.decode(fields[2]) & FUTEX_COMMAND) == FUTEX_WAIT_BITSET) {
                long futex = Long.decode(fields[1]);
                int offset = phase == 0 ? parkerOffset(javaThread, futex) : eventOffset(javaThread, futex);
                if (offset >= 0 && offset != except) {
                    return offset;
                }
            }
        }
        return -1;
    }

    private int parkerOffset(long javaThread, long futex) {
        // two futex words of 4 bytes, used in turn
        long offset = (futex & -8) - javaThread;
        return offset > 0 && offset < layout.javaThreadBytes() ? (int) offset : -1;
    }

    /** Where JavaThread points to the ParkEvent with that futex; -1 if nowhere or in two places. */
    private int eventOffset(long javaThread, long futex) {
        int found = -1;
        try {
            ByteBuffer words = new MemoryReader(memory).bytes(javaThread, layout.javaThreadBytes() & -8);
            for (int offset = 0; offset < words.capacity(); offset += 8) {
                long word = words.getLong(offset);
                if (word % WaitClues.EVENT_BYTES == 0 && futex >= word && futex < word + WaitClues.EVENT_BYTES) {
                    if (found >= 0) {
                        return -1;
                    }
                    found = offset;
                }
            }
        } catch (UnreadableException e) {
            return -1;
        }
        return found;
    }

    private long[] syscallFunction() {
        try {
            List<Mapping> libraries = Mapping.ofLibrary("libc.so");
            Symbol symbol = libraries.isEmpty()
                    ? null : new MappedElf(memory, libraries.get(0).begin()).symbol("syscall");
            return symbol == null ? new long[2] : new long[] {symbol.address(), symbol.address() + symbol.bytes()};
        } catch (UnreadableException | IOException | RuntimeException e) {
            return new long[2];
        }
    }
}
