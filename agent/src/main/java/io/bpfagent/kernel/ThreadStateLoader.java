package io.bpfagent.kernel;

import io.bpfagent.agent.Arguments;
import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.KernelMemory;
import io.bpfagent.hotspot.HotSpot;
import io.bpfagent.hotspot.LibJvm;
import io.bpfagent.hotspot.ProcessFiles;
import io.bpfagent.hotspot.Registers;
import io.bpfagent.natives.NativeTier;
import io.bpfagent.records.RecordLayouts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;

/**
 * Loads and attaches {@code thread_state.bpf.c} for the process it runs in.
 *
 * <p>In this order: sizes and settings, load, map, hand out rows and pages (by the caller), attach
 * the scheduler's events, then HotSpot's probes, of which none is necessary, tell the programs whom to
 * count, then the task iterator for the threads that have had no event.
 */
public final class ThreadStateLoader {
    private static final String OBJECT = "thread_state";
    /** Few enough that a tid nearly always finds its first slot free; 8 bytes each. */
    private static final int INDEX_SLOTS_PER_ROW = 4;
    private static final List<String> SCHEDULER_PROGRAMS =
            List.of("sched_wakeup_new", "sched_wakeup", "sched_switch");
    static final String WAKERS = "sched_waking";
    /** All but those of {@link LatencyPrograms}. */
    private static final List<String> PROGRAMS = List.of("sched_wakeup_new", "sched_wakeup", "sched_switch", WAKERS,
            "seed_threads", HotSpotProbes.PROGRAM, ThreadStatePrograms.IDENTIFY, ThreadStatePrograms.IDENTIFY_OTHER);
    private static final int GZIP_BUFFER_BYTES = 8192;
    private static final String PAUSES = "pause_records";
    private static final String SLOW = "slow_records";
    /** 180 of them: 1,400 a second at the usual pace of looks, 7,000 while there are slow ones. */
    private static final int SLOW_BYTES = 65_536;
    private static final String CPUS = "watched_cpus";
    private static final String EVENT_BEGINS = "event_begins_at";
    /** Class initializers, compilations, calls of the JDK under way at one moment: most threads are in none. */
    private static final int FEW_EVENTS = 1024;
    private static final List<String> ARRAYS = List.of("rows", "pages", "pool_pages", "supplies", "controls",
            "row_meters", "meters", "disks", "row_index", "slow_limits", "wakers", "remotes", CPUS, ".bss",
            ".rodata.settings", HotSpotProbes.SITES);
    /** struct htab_elem with key and value, 80 bytes, and a bucket. */
    private static final int HASH_ENTRY_BYTES = 96;

    private final Natives natives;
    private final Arguments arguments;
    private final HotSpot hotSpot;
    private final KernelRequirements kernel;
    /** Null: this process. */
    private final LoadTarget other;
    /** Since {@link #load}. */
    private LoadTarget target;

    /** A loader for this process. */
    public ThreadStateLoader(NativeTier natives, Arguments arguments, HotSpot hotSpot) {
        this(Natives.of(natives), arguments, hotSpot, KernelRequirements.current());
    }

    /** A loader for another process. */
    public ThreadStateLoader(NativeTier natives, Arguments arguments, HotSpot hotSpot, LoadTarget other) {
        this(Natives.of(natives), arguments, hotSpot, KernelRequirements.current(), other);
    }

    ThreadStateLoader(Natives natives, Arguments arguments, HotSpot hotSpot, KernelRequirements kernel) {
        this(natives, arguments, hotSpot, kernel, null);
    }

    private ThreadStateLoader(Natives natives, Arguments arguments, HotSpot hotSpot, KernelRequirements kernel,
            LoadTarget other) {
        this.other = other;
        this.natives = natives;
        this.arguments = arguments;
        this.hotSpot = hotSpot;
        this.kernel = kernel;
    }

    /** Refuses at once what the kernel or missing privileges will not allow; needs no library. */
    public static void checkRequirements(Arguments arguments) throws KernelException {
        KernelRequirements.current().check(arguments.btf());
    }

    /** What this process lacks for loading programs that another one could load for it, in words; null when nothing. */
    public static String missingPrivileges() {
        return KernelRequirements.current().missingPrivileges();
    }

    /** Refuses at once what would keep programs from being loaded for another process. */
    public static void checkRequirementsForOther(Arguments arguments) throws KernelException {
        KernelRequirements kernel = KernelRequirements.current();
        kernel.check(arguments.btf());
        if (!kernel.atLeast(6, 1)) {
            throw new KernelException("Kernel too old", " (" + kernel.release()
                    + "). To load programs for another process needs Linux 6.1 or later.");
        }
    }

    /** Of the programs that this jar has: equal in two jars whose programs and records are. */
    public static long checksum() throws KernelException {
        CRC32 sum = new CRC32();
        sum.update(objectFile(OBJECT));
        return sum.getValue();
    }

    /**
     * Why there can be no slow events, or null: programs send them while the run queue is locked, as those of pauses.
     */
    public static String slowEventsProblem() {
        return KernelRequirements.current().hasSafeRing() ? null : KernelRequirements.UNSAFE_RING;
    }

    /** Loads the programs; nothing is attached yet. */
    public ThreadStatePrograms load() throws KernelException {
        target = other != null ? other : new LoadTarget(natives.libC().getpid(), true, ProcessFiles.OWN,
                Runtime.version().feature(), errnoOffset(natives));
        LatencyPrograms latencies = new LatencyPrograms(arguments, hotSpot, kernel, target.files());
        try {
            return load(latencies);
        } catch (KernelException e) {
            if (!latencies.isAny()) {
                throw e;
            }
            // It may be one of these, which are not necessary.
            if (!leaveOutRefused(latencies)) {
                latencies.leaveOut(e.getMessage());
            }
            return load(latencies, e);
        }
    }

    /** Each by itself may be what the kernel takes, and all of them not. */
    private ThreadStatePrograms load(LatencyPrograms latencies, KernelException first) throws KernelException {
        try {
            return load(latencies);
        } catch (KernelException e) {
            if (!latencies.isAny()) {
                throw e;
            }
            latencies.leaveOut(first.getMessage());
            return load(latencies);
        }
    }

    /**
     * Finds out which of them the kernel refuses: group by group, and of a group that it refuses one by one. Some 50 ms
     * each, where something is refused at all.
     *
     * @return whether there was one
     */
    private boolean leaveOutRefused(LatencyPrograms latencies) {
        boolean found = false;
        for (LatencyGroup group : latencies.groups()) {
            if (refusal(latencies, group.programs()) != null) {
                for (String program : group.programs()) {
                    String reason = refusal(latencies, List.of(program));
                    if (reason != null) {
                        latencies.leaveOut(group, program, reason);
                        found = true;
                    }
                }
            }
        }
        return found;
    }

    /** Loads only these, and lets them go. @return why they are refused, or null */
    private String refusal(LatencyPrograms latencies, List<String> programs) {
        try (BpfObject object = BpfObject.open(natives, OBJECT, objectFile(OBJECT), arguments.btf())) {
            prepare(object, latencies);
            for (String program : PROGRAMS) {
                object.program(program).autoload(false);
            }
            for (LatencyGroup group : LatencyGroup.all()) {
                for (String program : group.programs()) {
                    object.program(program).autoload(programs.contains(program));
                }
            }
            object.load();
            return null;
        } catch (KernelException e) {
            return e.getMessage();
        }
    }

    private ThreadStatePrograms load(LatencyPrograms latencies) throws KernelException {
        BpfObject object = BpfObject.open(natives, OBJECT, objectFile(OBJECT), arguments.btf());
        try {
            HotSpotProbes probes = prepare(object, latencies);
            object.load();
            return new ThreadStatePrograms(natives, object, fds(object, latencies), probes, kernel.atLeast(5, 18),
                    bytes(object), latencies, target, arguments.counters());
        } catch (KernelException | RuntimeException | Error e) {
            object.close();
            throw e;
        }
    }

    /** Sizes, settings and what is to be loaded. */
    private HotSpotProbes prepare(BpfObject object, LatencyPrograms latencies) throws KernelException {
        int slots = indexSlots(arguments.threads());
        object.map("rows").entries(arguments.threads());
        object.map("controls").entries(arguments.threads());
        object.map("row_meters").entries(arguments.threads());
        object.map("pages").entries(arguments.histograms());
        object.map("meters").entries(arguments.histograms());
        object.map("row_index").entries(slots);
        int cpus = OnlineCpus.possible(natives.libBpf().libbpf_num_possible_cpus());
        int items = KernelMemory.supplyItems(arguments.threads(), arguments.histograms());
        object.map("supplies").valueBytes(KernelMemory.supplyBytes(items));
        object.map(SLOW).entries(Math.max(SLOW_BYTES, natives.libC().getpagesize()));
        object.map(PAUSES).entries(arguments.pauseBufferKib() * 1024);
        object.map(CPUS).entries(cpus);
        object.map(EVENT_BEGINS).entries(eventBegins(arguments));
        HotSpotProbes probes = hotSpotProbes(target.release());
        object.program(HotSpotProbes.PROGRAM).autoload(probes.any());
        latencies.prepare(object);
        // bpf_copy_from_user_task came with 5.18
        object.program("seed_threads").autoload(kernel.atLeast(5, 18));
        object.program(ThreadStatePrograms.IDENTIFY).autoload(target.isOwn());
        object.program(ThreadStatePrograms.IDENTIFY_OTHER).autoload(!target.isOwn());
        ByteBuffer settings = object.map(".rodata.settings").initialValue(RecordLayouts.Settings.SIZE);
        new ThreadStateSettings(hotSpot, arguments.metrics(), probes.onRequest()).write(settings, slots - 1,
                arguments.histograms(), items, target.errnoOffset(), arguments.pauseBufferKib(), kernel);
        if (arguments.contexts().on()) {
            ContextMaps.prepare(object, settings, arguments.threads(), cpus);
        }
        settings.put(RecordLayouts.Settings.IS_HANDED_OVER, (byte) (target.isOwn() ? 0 : 1));
        probes.write(object.map(HotSpotProbes.SITES).initialValue(HotSpotProbes.SITES_BYTES));
        // No process has this number; 0 would be the idle tasks, until "identify" has run.
        object.map(".bss").initialValue(RecordLayouts.Globals.SIZE)
                .putInt(RecordLayouts.Globals.HOST_TGID, -1);
        return probes;
    }

    private HotSpotProbes hotSpotProbes(int release) throws KernelException {
        LibJvm jvm = hotSpot.libJvm().value().orElse(null);
        Registers registers = Registers.own();
        return new HotSpotProbes(ProbeChooser.choose(hotSpot, arguments, registers,
                release, kernel.hasSafeRing()),
                jvm == null ? "" : jvm.file().orElse(""));
    }

    private MapFds fds(BpfObject object, LatencyPrograms latencies) throws KernelException {
        BpfMap pauses = object.map(PAUSES);
        BpfMap slow = object.map(SLOW);
        return new MapFds(object.map("rows").fd(), object.map("pages").fd(), object.map("pool_pages").fd(),
                object.map("supplies").fd(), object.map("controls").fd(), object.map("row_meters").fd(),
                object.map("meters").fd(), object.map("disks").fd(), object.map(".bss").fd(), pauses.fd(),
                slow.fd(), object.map("slow_limits").fd(), arguments.threads(), arguments.histograms(),
                (int) pauses.entries(), (int) slow.entries(),
                latencies.countsSyscalls() ? object.map(LatencyPrograms.SYSCALLS).fd() : MapFds.NONE,
                latencies.countsSyscalls() ? object.map(LatencyPrograms.SYSCALL_PAGES).fd() : MapFds.NONE,
                object.map("remotes").fd(), arguments.contexts().on() ? ContextMaps.of(object) : null);
    }

    private static long bytes(BpfObject object) throws KernelException {
        long bytes = LatencyPrograms.bytes(object) + object.map(PAUSES).entries() + object.map(SLOW).entries()
                + object.map(EVENT_BEGINS).entries() * HASH_ENTRY_BYTES;
        for (String map : ARRAYS) {
            bytes += object.map(map).bytes();
        }
        for (String map : ContextMaps.NAMES) {
            bytes += object.map(map).bytes();
        }
        return bytes;
    }

    /** Every thread may be parked, or contend for a monitor, at the same moment. */
    private static int eventBegins(Arguments arguments) {
        boolean all = arguments.metrics().keeps(EventMetric.PARK)
                || arguments.metrics().keeps(EventMetric.MONITOR_CONTENDED);
        return FEW_EVENTS + (all ? arguments.threads() : 0);
    }

    /**
     * Where a thread's errno stands, from its thread pointer on: the C library keeps it in the same place for all. 0
     * where the thread pointer is not what names the thread to it.
     */
    private static long errnoOffset(Natives natives) throws KernelException {
        return architecture().equals("x86_64") ? natives.libC().__errno_location() - natives.libC().pthread_self() : 0;
    }

    /** The same of this process, for who loads programs for it. */
    public static long errnoOffset(NativeTier natives) throws KernelException {
        return errnoOffset(Natives.of(natives));
    }

    static int indexSlots(int rows) {
        return Integer.highestOneBit(rows * INDEX_SLOTS_PER_ROW - 1) << 1;
    }

    static List<String> schedulerPrograms() {
        return SCHEDULER_PROGRAMS;
    }

    private static String architecture() throws KernelException {
        return switch (System.getProperty("os.arch", "")) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64" -> "arm64";
            default -> throw new KernelException("Unsupported processor", " (" + System.getProperty("os.arch")
                    + "). bpf-agent has BPF objects for x86_64 and arm64.");
        };
    }

    /** The carried object file of this name, for this processor. */
    static byte[] objectFile(String object) throws KernelException {
        String path = "bpf/" + architecture() + "/" + object + ".bpf.o.gz";
        try (InputStream file = ThreadStateLoader.class.getClassLoader().getResourceAsStream(path)) {
            if (file == null) {
                throw BpfObject.damaged(path + " is not in it");
            }
            byte[] packed = file.readAllBytes();
            // RFC 1952: at its end stands how long it was; readAllBytes would leave as much again as garbage.
            int size = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN).getInt(packed.length - Integer.BYTES);
            byte[] bytes = new byte[size];
            try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed), GZIP_BUFFER_BYTES)) {
                in.readNBytes(bytes, 0, size);
            }
            return bytes;
        } catch (IOException e) {
            throw BpfObject.damaged(path + ": " + e.getMessage());
        }
    }
}
