package io.bpfagent.kernel;

import io.bpfagent.correlation.ContextMemory;
import io.bpfagent.correlation.Counter;
import io.bpfagent.correlation.CounterMemory;
import io.bpfagent.correlation.KernelMemory;
import io.bpfagent.correlation.RecordArray;
import io.bpfagent.correlation.SyscallMemory;
import io.bpfagent.correlation.ring.RingMemory;
import io.bpfagent.natives.LibC;
import io.bpfagent.natives.NativeMemory;
import io.bpfagent.natives.StayingMemory;
import io.bpfagent.records.RecordLayouts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.StringTokenizer;

/**
 * The maps in this process's memory. Only {@code supplies}, {@code controls}, {@code slow_limits} and
 * {@code context_slots} are mapped to be written: nothing here can change a number that a BPF program has counted.
 *
 * <p>Assumptions: {@link #memory()} and its buffers are used by one thread, which is also the one that
 * closes; after closing, touching a buffer would end the JVM. Guarantees: closing twice is harmless, and
 * goes on when the unmapping of one map throws.
 */
public final class MappedMaps implements AutoCloseable {
    private static final int LEAST_PIECE_BYTES = 32 * 1024;

    private final Natives natives;
    private final Deque<Mapping> mappings = new ArrayDeque<>();
    private final long timeNamespaceNs = timeNamespaceNs();
    private final int pageBytes;
    private KernelMemory memory;
    private MappedRing pauses;
    private MappedRing slow;
    private CounterMemory counters;
    private ContextMemory contexts;

    private static final class Mapping {
        private long address;
        private long bytes;
        /** Threads of the host write to it at any time: its addresses stay valid. */
        private boolean stays;
    }

    private MappedMaps(Natives natives) {
        this.natives = natives;
        this.pageBytes = natives.libC().getpagesize();
    }

    /** Maps what the descriptors stand for. */
    static MappedMaps map(Natives natives, MapFds fds) throws KernelException {
        MappedMaps maps = new MappedMaps(natives);
        try {
            int readWrite = LibC.PROT_READ | LibC.PROT_WRITE;
            maps.memory = new KernelMemory(
                    maps.records("rows", fds.rows(), RecordLayouts.ThreadRow.SIZE, fds.threads()),
                    maps.records("pages", fds.pages(), RecordLayouts.HistogramPage.SIZE, fds.histograms()),
                    maps.map("pool_pages", fds.poolPages(), 0,
                            (long) RecordLayouts.PoolPages.SIZE * RecordLayouts.RecordSizes.POOLS, LibC.PROT_READ),
                    maps.map("supplies", fds.supplies(), 0,
                            (long) supplyBytes(fds) * RecordLayouts.SupplyKind.SUPPLIES, readWrite),
                    maps.map("controls", fds.controls(), 0,
                            (long) RecordLayouts.RowControl.SIZE * fds.threads(), readWrite),
                    maps.records("row_meters", fds.rowMeters(), RecordLayouts.RowMeters.SIZE, fds.threads()),
                    maps.records("meters", fds.meters(), RecordLayouts.Meter.SIZE, fds.histograms()),
                    maps.map("disks", fds.disks(), 0,
                            (long) RecordLayouts.Disk.SIZE * RecordLayouts.RecordSizes.DISKS, LibC.PROT_READ),
                    maps.map("globals", fds.globals(), 0, RecordLayouts.Globals.SIZE, LibC.PROT_READ),
                    maps.map("slow_limits", fds.slowLimits(), 0, RecordLayouts.SlowLimits.SIZE, readWrite),
                    fds.syscalls() == MapFds.NONE ? null : maps.syscalls(fds),
                    maps.map("remotes", fds.remotes(), 0,
                            (long) RecordLayouts.Remote.SIZE * RecordLayouts.RecordSizes.REMOTES, LibC.PROT_READ));
            if (fds.contexts() != null) {
                maps.mapContexts(fds.contexts(), fds.threads());
            }
            maps.pauses = new MappedRing(maps, "pause_records", fds.pauses(), fds.pauseBytes());
            maps.slow = new MappedRing(maps, "slow_records", fds.slow(), fds.slowBytes());
            return maps;
        } catch (KernelException | RuntimeException | Error e) {
            maps.close();
            throw e;
        }
    }

    /** Maps what counters count too: {@code struct row_counters[threads]}. */
    void mapCounters(List<Counter> which, int fd, int threads) throws KernelException {
        counters = new CounterMemory(which, records("row_counters", fd, RecordLayouts.RowCounters.SIZE, threads));
    }

    private void mapContexts(ContextMaps fds, int threads) throws KernelException {
        contexts = new ContextMemory(
                mapStaying(ContextMaps.SLOTS, fds.slots(), (long) RecordLayouts.ContextSlot.SIZE * threads),
                records(ContextMaps.TOTALS, fds.totals(), RecordLayouts.ContextTotal.SIZE, fds.totalEntries()),
                fds.stripes());
    }

    private SyscallMemory syscalls(MapFds fds) throws KernelException {
        int count = RecordLayouts.RecordSizes.SYSCALLS;
        return new SyscallMemory(
                map("syscalls", fds.syscalls(), 0, (long) RecordLayouts.EventTotals.SIZE * count, LibC.PROT_READ),
                records("syscall_pages", fds.syscallPages(), RecordLayouts.HistogramPage.SIZE, count));
    }

    /**
     * Rows or pages, mapped in pieces: the kernel enters all pages of a mapping at once, and with 50
     * threads 0.7 of 6.5 MiB are used.
     */
    private final class Records extends RecordArray {
        private final String name;
        private final int fd;
        private final int recordBytes;
        private final ByteBuffer firstPiece;

        Records(String name, int fd, int recordBytes, int count, int perPiece, ByteBuffer firstPiece) {
            super(recordBytes, count, perPiece);
            this.name = name;
            this.fd = fd;
            this.recordBytes = recordBytes;
            this.firstPiece = firstPiece;
        }

        @Override
        protected ByteBuffer map(int first, int mapped) {
            if (first == 0) {
                return firstPiece;
            }
            return mapLater(name, fd, (long) recordBytes * first, recordBytes * mapped);
        }
    }

    private Records records(String name, int fd, int recordBytes, int count) throws KernelException {
        int perPiece = perPiece(recordBytes);
        // What forbids to map anything is found out before a program is attached.
        ByteBuffer firstPiece = map(name, fd, 0, (long) recordBytes * Math.min(perPiece, count), LibC.PROT_READ);
        return new Records(name, fd, recordBytes, count, perPiece, firstPiece);
    }

    /** Records in a piece, which is whole pages of memory: 32 to 64 KiB, more where a page is more. */
    private int perPiece(int recordBytes) {
        int bytes = pageBytes;
        while (bytes % recordBytes != 0 || bytes < LEAST_PIECE_BYTES) {
            bytes += pageBytes;
        }
        return bytes / recordBytes;
    }

    int pageBytes() {
        return pageBytes;
    }

    /** Maps more, to be read only, for a buffer that was not wanted at first. */
    ByteBuffer mapLater(String name, int fd, long offset, long bytes) {
        if (memory == null) {
            throw new IllegalStateException("the maps are not mapped any more");
        }
        try {
            return map(name, fd, offset, bytes, LibC.PROT_READ);
        } catch (KernelException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** @param offset a multiple of {@link #pageBytes} */
    ByteBuffer map(String name, int fd, long offset, long bytes, int protection) throws KernelException {
        // Before the call: what has been mapped must not be lost for want of memory to note it.
        Mapping mapping = new Mapping();
        mappings.push(mapping);
        return mapped(mapping, name, natives.libC().mmap(0, bytes, protection, LibC.MAP_SHARED, fd, offset), bytes);
    }

    private ByteBuffer mapStaying(String name, int fd, long bytes) throws KernelException {
        Mapping mapping = new Mapping();
        mapping.stays = true;
        mappings.push(mapping);
        return mapped(mapping, name, StayingMemory.map(natives.libC(), fd, bytes), bytes);
    }

    private ByteBuffer mapped(Mapping mapping, String name, long address, long bytes) throws KernelException {
        if (address == LibC.MAP_FAILED || address == 0) {
            throw new KernelException("Cannot map the kernel's memory", " (" + name + ", " + bytes
                    + " bytes): mmap says "
                    + natives.textOf(natives.errno()) + ". Ask for fewer threads= or histograms=.");
        }
        mapping.address = address;
        mapping.bytes = bytes;
        return NativeMemory.bufferAt(address, bytes);
    }

    /** The buffers, valid until {@link #close()}. */
    public KernelMemory memory() {
        if (memory == null) {
            throw new IllegalStateException("the maps are not mapped any more");
        }
        return memory;
    }

    /** The ring buffer of what happens in pauses, valid until {@link #close()}. */
    public RingMemory pauseRing() {
        memory();
        return pauses;
    }

    /** The ring buffer of slow events, valid until {@link #close()}. */
    public RingMemory slowRing() {
        memory();
        return slow;
    }

    /** What counters count, valid until {@link #close()}; null where there are none. */
    public CounterMemory counters() {
        memory();
        return counters;
    }

    /**
     * What threads work on, valid until {@link #close()}; its slots as long as the JVM. Null where it is not counted.
     */
    public ContextMemory contexts() {
        memory();
        return contexts;
    }

    /** How much is mapped, bytes. */
    public long mappedBytes() {
        long bytes = 0;
        for (Mapping mapping : mappings) {
            bytes += mapping.bytes;
        }
        return bytes;
    }

    private static int supplyBytes(MapFds fds) {
        return KernelMemory.supplyBytes(KernelMemory.supplyItems(fds.threads(), fds.histograms()));
    }

    /** Now, ns, on the clock of the records. */
    public long clockNs() {
        return System.nanoTime() - timeNamespaceNs
                - memory().globals().getLong(RecordLayouts.Globals.CLOCK_OFFSET_NS);
    }

    /** How far {@link System#nanoTime} is ahead of the kernel's CLOCK_MONOTONIC, ns. */
    public long clockAheadNs() {
        return timeNamespaceNs;
    }

    /** How far CLOCK_MONOTONIC is ahead of the kernel's in this time namespace, ns; time_namespaces(7). */
    private static long timeNamespaceNs() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/timens_offsets"))) {
                StringTokenizer words = new StringTokenizer(line);
                if (words.nextToken().equals("monotonic")) {
                    return Long.parseLong(words.nextToken()) * 1_000_000_000L + Long.parseLong(words.nextToken());
                }
            }
        } catch (IOException | RuntimeException e) {
            // a kernel without time namespaces
            return 0;
        }
        return 0;
    }

    @Override
    public void close() {
        memory = null;
        Mapping mapping = mappings.poll();
        if (mapping != null) {
            try {
                if (mapping.address != 0 && mapping.stays) {
                    StayingMemory.leave(natives.libC());
                } else if (mapping.address != 0) {
                    natives.libC().munmap(mapping.address, mapping.bytes);
                }
            } finally {
                close();
            }
        }
    }
}
