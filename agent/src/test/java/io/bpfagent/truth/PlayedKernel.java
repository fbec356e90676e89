package io.bpfagent.truth;

import io.bpfagent.correlation.ContextMemory;
import io.bpfagent.correlation.KernelMemory;
import io.bpfagent.correlation.RecordArray;
import io.bpfagent.correlation.ring.RingMemory;
import io.bpfagent.correlation.slow.SlowLimits;
import io.bpfagent.hotspot.HotSpotProbe;
import io.bpfagent.kernel.LoadedConstants;
import io.bpfagent.records.RecordLayouts.ContextSizes;
import io.bpfagent.records.RecordLayouts.ContextSlot;
import io.bpfagent.records.RecordLayouts.ContextTotal;
import io.bpfagent.records.RecordLayouts.Globals;
import io.bpfagent.records.RecordLayouts.HistogramPage;
import io.bpfagent.records.RecordLayouts.Meter;
import io.bpfagent.records.RecordLayouts.ProbeArgument;
import io.bpfagent.records.RecordLayouts.ProbeSite;
import io.bpfagent.records.RecordLayouts.RowMeters;
import io.bpfagent.records.RecordLayouts.Settings;
import io.bpfagent.records.RecordLayouts.ThreadRow;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The BPF programs, in a process of their own that plays events to them ({@code bpf-objects/src/test/native/play.c}),
 * and the memory of their maps, which this process shares. What is said to it happens at the next {@link #show} at the
 * latest, and the memory is to be looked at after that.
 */
final class PlayedKernel implements AutoCloseable {
    /** In an agent too the least that there can be. */
    static final int MOST_ROWS = 64;
    static final int MOST_PAGES = KernelMemory.MIN_PAGES + 1_000;
    static final int CPUS = 4;
    static final int TASKS = 256;
    /** Of a task's own memory. */
    static final int USER_BYTES = 4096;

    private static final Path PROGRAMS = Path.of("../bpf-objects/target/native/play").toAbsolutePath().normalize();

    private final int ringBytes;
    private final boolean contexts;
    private Process process;
    private Writer out;
    private BufferedReader in;
    private ByteBuffer shared;
    private final Map<String, Part> parts = new HashMap<>();
    private int rows;
    private int pages;
    private boolean hasEnded;

    /** A map, in the shared memory and in the other process's. */
    private record Part(int offset, int bytes, long address, int entries) {}

    /**
     * Starts it.
     *
     * @param ringBytes of {@code pause_records}, a power of two; a page at least
     * @param contexts  whether they are counted
     */
    PlayedKernel(int ringBytes, boolean contexts) throws IOException {
        this.ringBytes = ringBytes;
        this.contexts = contexts;
        start();
    }

    private void start() throws IOException {
        if (!Files.isExecutable(PROGRAMS)) {
            throw new IOException(PROGRAMS + " is missing. Run bpf-objects/compile-native.");
        }
        process = new ProcessBuilder(PROGRAMS.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        out = process.outputWriter();
        in = process.inputReader();
        Path file = Files.createTempFile("bpf-agent-played", ".maps");
        try {
            size("pause_records", ringBytes);
            size("user", TASKS * USER_BYTES);
            size("watched_cpus", CPUS);
            if (contexts) {
                size("context_totals", CPUS * ContextSizes.CONTEXT_NODES);
                size("context_pages", ContextSizes.CONTEXT_NODES);
            }
            sizeByRows(MOST_ROWS, MOST_PAGES);
            say("share " + file);
            listParts();
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                shared = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
            }
        } finally {
            Files.delete(file);
        }
    }

    private void size(String map, int entries) {
        say("size " + map + " " + entries);
    }

    private void sizeByRows(int rowCount, int pageCount) {
        size("rows", rowCount);
        size("controls", rowCount);
        size("row_meters", rowCount);
        size("row_index", LoadedConstants.indexSlots(rowCount));
        if (contexts) {
            size("context_slots", rowCount);
        }
        size("pages", pageCount);
        size("meters", pageCount);
        say("size supplies 3 " + KernelMemory.supplyBytes(KernelMemory.supplyItems(rowCount, pageCount)));
        rows = rowCount;
        pages = pageCount;
    }

    private void listParts() {
        for (String line = answer(); !line.equals("done"); line = answer()) {
            String[] words = line.split(" ");
            parts.put(words[1], new Part(Integer.parseInt(words[2]), Integer.parseInt(words[3]),
                    Long.parseUnsignedLong(words[4]), Integer.parseInt(words[5])));
        }
    }

    /** Everything as after loading, with so many rows and pages; also when the programs have ended their process. */
    void restart(int rowCount, int pageCount, boolean steadyClock) {
        if (hasEnded) {
            try {
                close();
                start();
                hasEnded = false;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        say("restart");
        sizeByRows(rowCount, pageCount);
        show();
        ByteBuffer settings = part(".rodata.settings", Settings.SIZE);
        ByteBuffer sites = part(".rodata.sites", parts.get(".rodata.sites").bytes);
        for (ByteBuffer constants : new ByteBuffer[] {settings, sites, globals()}) {
            for (int i = 0; i < constants.capacity(); i++) {
                constants.put(i, (byte) 0);
            }
        }
        LoadedConstants.write(settings, sites, rowCount, pageCount, pauseRing().dataBytes(), steadyClock);
        if (contexts) {
            LoadedConstants.writeContexts(settings, CPUS);
        }
        LoadedConstants.writeGlobals(globals());
        SlowLimits.OFF.write(part("slow_limits", parts.get("slow_limits").bytes));
        say("load");
    }

    /** Adds a line to what is to be played. */
    void say(String line) {
        try {
            out.write(line);
            out.write('\n');
        } catch (IOException e) {
            throw ended();
        }
    }

    /** All that was said has been played, and {@link #globals} are as they were left. */
    void show() {
        say("show");
        String line = answer();
        if (!line.equals("done")) {
            throw new IllegalStateException("not an answer: " + line);
        }
    }

    private String answer() {
        try {
            out.flush();
            String line = in.readLine();
            if (line != null) {
                return line;
            }
        } catch (IOException e) {
            throw ended();
        }
        throw ended();
    }

    private IllegalStateException ended() {
        hasEnded = true;
        try {
            return new IllegalStateException(process.waitFor(10, TimeUnit.SECONDS)
                    ? "the programs have ended their process with " + process.exitValue()
                    : "the programs' process hangs");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new IllegalStateException(e);
        }
    }

    private ByteBuffer part(String map, int bytes) {
        return shared.slice(parts.get(map).offset, bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** {@code struct globals}, as of the last {@link #show}. */
    ByteBuffer globals() {
        return part(".bss", Globals.SIZE);
    }

    /** What is to be added to a time in a record to make it CLOCK_MONOTONIC, as of the last {@link #show}. */
    long clockOffsetNs() {
        return globals().getLong(Globals.CLOCK_OFFSET_NS);
    }

    /** The number of a site of this probe; if it has several, one of them. */
    int site(HotSpotProbe probe, int which) {
        ByteBuffer sites = whole(".rodata.sites");
        List<Integer> found = new ArrayList<>();
        for (int site = 0; site < sites.capacity() / ProbeSite.SIZE; site++) {
            if (sites.getInt(site * ProbeSite.SIZE + ProbeSite.PROBE) == probe.number()) {
                found.add(site);
            }
        }
        return found.get(Math.floorMod(which, found.size()));
    }

    /** What is to be said of an argument that stands in a register. */
    String argument(HotSpotProbe probe, int number, long value) {
        return " " + whole(".rodata.sites").getShort(at(probe, number) + ProbeArgument.REGISTER_OFFSET) + " " + value;
    }

    /** Of one that stands in the thread's memory. */
    String memoryArgument(HotSpotProbe probe, int number, HotSpotThread thread, long value) {
        long distance = whole(".rodata.sites").getLong(at(probe, number) + ProbeArgument.VALUE);
        return argument(probe, number, thread.frame(distance, value));
    }

    private int at(HotSpotProbe probe, int number) {
        return site(probe, 0) * ProbeSite.SIZE + ProbeSite.ARGUMENTS + number * ProbeArgument.SIZE;
    }

    /** Where the programs find the memory of this task, {@link #USER_BYTES} of it. */
    long userAddress(int task) {
        return parts.get("user").address + (long) task * USER_BYTES;
    }

    /** As the agent maps it. */
    KernelMemory memory() {
        int supplies = 3 * KernelMemory.supplyBytes(KernelMemory.supplyItems(rows, pages));
        return new KernelMemory(records("rows", ThreadRow.SIZE, rows), records("pages", HistogramPage.SIZE, pages),
                whole("pool_pages"), part("supplies", supplies), part("controls", rows * 8),
                records("row_meters", RowMeters.SIZE, rows), records("meters", Meter.SIZE, pages), whole("disks"),
                globals(), whole("slow_limits"), null, whole("remotes"));
    }

    /** Null where contexts are not counted. */
    ContextMemory contextMemory() {
        return contexts ? new ContextMemory(part("context_slots", rows * ContextSlot.SIZE),
                records("context_totals", ContextTotal.SIZE, CPUS * ContextSizes.CONTEXT_NODES), CPUS) : null;
    }

    /** Of the host's threads. */
    SlotWriter slots() {
        return new SlotWriter(part("context_slots", rows * ContextSlot.SIZE));
    }

    private ByteBuffer whole(String map) {
        return part(map, parts.get(map).bytes);
    }

    private RecordArray records(String map, int recordBytes, int count) {
        ByteBuffer all = part(map, recordBytes * count);
        return new RecordArray(recordBytes, count, count) {
            @Override
            protected ByteBuffer map(int first, int mapped) {
                return all;
            }
        };
    }

    /** The ring of pauses. */
    RingMemory pauseRing() {
        return ring("pause_records");
    }

    /** The ring of slow events. */
    RingMemory slowRing() {
        return ring("slow_records");
    }

    private RingMemory ring(String map) {
        ByteBuffer all = whole(map);
        // Two pages stand before the data.
        int bytes = parts.get(map).entries;
        int header = (all.capacity() - bytes) / 2;
        ByteBuffer consumer = all.slice(0, header).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer producer = all.slice(header, header).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer data = all.slice(2 * header, bytes).order(ByteOrder.LITTLE_ENDIAN);
        return new RingMemory() {
            @Override
            public ByteBuffer consumer() {
                return consumer;
            }

            @Override
            public ByteBuffer producer() {
                return producer;
            }

            @Override
            public ByteBuffer data() {
                return data;
            }

            @Override
            public int dataBytes() {
                return bytes;
            }
        };
    }

    @Override
    public void close() {
        try {
            out.close();
            in.close();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            // It has ended, and what was said to it last can never be.
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
