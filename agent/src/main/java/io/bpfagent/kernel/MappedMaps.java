package io.bpfagent.kernel;

import io.bpfagent.correlation.KernelMemory;
import io.bpfagent.natives.LibC;
import io.bpfagent.natives.NativeMemory;
import io.bpfagent.records.RecordLayouts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.StringTokenizer;

/**
 * The maps in this process's memory. Only {@code supplies} and {@code controls} are mapped to be
 * written: nothing here can change a number that a BPF program has counted.
 *
 * <p>Assumptions: {@link #memory()} and its buffers are used by one thread, which is also the one that
 * closes; after closing, touching a buffer would end the JVM. Guarantees: closing twice is harmless, and
 * goes on when the unmapping of one map throws.
 */
public final class MappedMaps implements AutoCloseable {
    private final Natives natives;
    private final Deque<Mapping> mappings = new ArrayDeque<>();
    private final long timeNamespaceNs = timeNamespaceNs();
    private KernelMemory memory;

    private static final class Mapping {
        private long address;
        private long bytes;
    }

    private MappedMaps(Natives natives) {
        this.natives = natives;
    }

    /** Maps what the descriptors stand for. */
    static MappedMaps map(Natives natives, MapFds fds) throws KernelException {
        MappedMaps maps = new MappedMaps(natives);
        try {
            maps.memory = new KernelMemory(
                    maps.map("rows", fds.rows(), RecordLayouts.ThreadRow.SIZE, fds.threads(), LibC.PROT_READ),
                    maps.map("pages", fds.pages(), RecordLayouts.HistogramPage.SIZE, fds.histograms(),
                            LibC.PROT_READ),
                    maps.map("pool_pages", fds.poolPages(), RecordLayouts.PoolPages.SIZE,
                            RecordLayouts.RecordSizes.POOLS, LibC.PROT_READ),
                    maps.map("supplies", fds.supplies(), RecordLayouts.Supply.SIZE,
                            RecordLayouts.SupplyKind.SUPPLIES, LibC.PROT_READ | LibC.PROT_WRITE),
                    maps.map("controls", fds.controls(), RecordLayouts.RowControl.SIZE, fds.threads(),
                            LibC.PROT_READ | LibC.PROT_WRITE),
                    maps.map("globals", fds.globals(), RecordLayouts.Globals.SIZE, 1, LibC.PROT_READ));
            return maps;
        } catch (KernelException | RuntimeException | Error e) {
            maps.close();
            throw e;
        }
    }

    private ByteBuffer map(String name, int fd, int entryBytes, int entries, int protection)
            throws KernelException {
        long bytes = (long) entryBytes * entries;
        // Before the call: what has been mapped must not be lost for want of memory to note it.
        Mapping mapping = new Mapping();
        mappings.push(mapping);
        long address = natives.libC().mmap(0, bytes, protection, LibC.MAP_SHARED, fd, 0);
        if (address == LibC.MAP_FAILED || address == 0) {
            throw new KernelException("Cannot map the kernel's memory", " (" + name + ", " + bytes + " bytes): mmap says "
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

    /** Now, ns, on the clock of the records. */
    public long clockNs() {
        return System.nanoTime() - timeNamespaceNs
                - memory().globals().getLong(RecordLayouts.Globals.CLOCK_OFFSET_NS);
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
                if (mapping.address != 0) {
                    natives.libC().munmap(mapping.address, mapping.bytes);
                }
            } finally {
                close();
            }
        }
    }
}
