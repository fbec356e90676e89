package io.bpfagent.kernel;

import io.bpfagent.agent.Arguments;
import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.KernelMemory;
import io.bpfagent.hotspot.HotSpot;
import io.bpfagent.hotspot.LibJvm;
import io.bpfagent.hotspot.Registers;
import io.bpfagent.natives.NativeTier;
import io.bpfagent.records.RecordLayouts;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

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

    /** A loader for this process. */
    public ThreadStateLoader(NativeTier natives, Arguments arguments, HotSpot hotSpot) {
        this(Natives.of(natives), arguments, hotSpot, KernelRequirements.current());
    }

    ThreadStateLoader(Natives natives, Arguments arguments, HotSpot hotSpot, KernelRequirements kernel) {
        this.natives = natives;
        this.arguments = arguments;
        this.hotSpot = hotSpot;
        this.kernel = kernel;
    }

    /** Refuses at once what the kernel or missing privileges will not allow; needs no library. */
    public static void checkRequirements(Arguments arguments) throws KernelException {
        KernelRequirements.current().check(arguments.btf());
    }

    /** Why there can be no slow events, or null: programs send them while the run queue is locked, as those of pauses. */
    public static String slowEventsProblem() {
        return KernelRequirements.current().hasSafeRing() ? null : KernelRequirements.UNSAFE_RING;
    }

    /** Loads the programs; nothing is attached yet. */
    public ThreadStatePrograms load() throws KernelException {
        LatencyPrograms latencies = new LatencyPrograms(arguments, hotSpot, kernel);
        try {
            return load(latencies);
        } catch (KernelException e) {
            if (!latencies.isAny()) {
                throw e;
            }
            // It may be one of these, which are not necessary.
            latencies.leaveOut(e.getMessage());
            return load(latencies);
        }
    }

    private ThreadStatePrograms load(LatencyPrograms latencies) throws KernelException {
        BpfObject object = BpfObject.open(natives, OBJECT, objectFile(OBJECT), arguments.btf());
        try {
            int slots = indexSlots(arguments.threads());
            object.map("rows").entries(arguments.threads());
            object.map("controls").entries(arguments.threads());
            object.map("row_meters").entries(arguments.threads());
            object.map("pages").entries(arguments.histograms());
            object.map("meters").entries(arguments.histograms());
            object.map("row_index").entries(slots);
            int items = KernelMemory.supplyItems(arguments.threads(), arguments.histograms());
            object.map("supplies").valueBytes(KernelMemory.supplyBytes(items));
            object.map(SLOW).entries(Math.max(SLOW_BYTES, natives.libC().getpagesize()));
            object.map(PAUSES).entries(arguments.pauseBufferKib() * 1024);
            object.map(CPUS).entries(Math.max(1, natives.libBpf().libbpf_num_possible_cpus()));
            object.map(EVENT_BEGINS).entries(eventBegins(arguments));
            HotSpotProbes probes = hotSpotProbes();
            object.program(HotSpotProbes.PROGRAM).autoload(probes.any());
            latencies.prepare(object);
            // bpf_copy_from_user_task came with 5.18
            object.program("seed_threads").autoload(kernel.atLeast(5, 18));
            new ThreadStateSettings(hotSpot, arguments.metrics())
                    .write(object.map(".rodata.settings").initialValue(RecordLayouts.Settings.SIZE),
                            slots - 1, arguments.histograms(), items, errnoOffset(), arguments.pauseBufferKib(),
                            kernel);
            probes.write(object.map(HotSpotProbes.SITES).initialValue(HotSpotProbes.SITES_BYTES));
            // No process has this number; 0 would be the idle tasks, until "identify" has run.
            object.map(".bss").initialValue(RecordLayouts.Globals.SIZE)
                    .putInt(RecordLayouts.Globals.HOST_TGID, -1);
            object.load();
            return new ThreadStatePrograms(natives, object, fds(object, latencies), probes, kernel.atLeast(5, 18),
                    bytes(object), latencies);
        } catch (KernelException | RuntimeException | Error e) {
            object.close();
            throw e;
        }
    }

    private HotSpotProbes hotSpotProbes() throws KernelException {
        LibJvm jvm = hotSpot.libJvm().value().orElse(null);
        Registers registers = Registers.own();
        return new HotSpotProbes(ProbeChooser.choose(hotSpot, arguments, registers,
                Runtime.version().feature(), kernel.hasSafeRing()),
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
                object.map("remotes").fd());
    }

    private static long bytes(BpfObject object) throws KernelException {
        long bytes = LatencyPrograms.bytes(object) + object.map(PAUSES).entries() + object.map(SLOW).entries()
                + object.map(EVENT_BEGINS).entries() * HASH_ENTRY_BYTES;
        for (String map : ARRAYS) {
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
     * Where a thread's errno stands, from its thread pointer on: the C library keeps it in the same place for all. 0 where
     * the thread pointer is not what names the thread to it.
     */
    private long errnoOffset() throws KernelException {
        return architecture().equals("x86_64") ? natives.libC().__errno_location() - natives.libC().pthread_self() : 0;
    }

    private static int indexSlots(int rows) {
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
        String path = "bpf/" + architecture() + "/" + object + ".bpf.o";
        try (InputStream file = ThreadStateLoader.class.getClassLoader().getResourceAsStream(path)) {
            if (file == null) {
                throw BpfObject.damaged(path + " is not in it");
            }
            // All of it, since it stands in the jar as it is; readAllBytes would leave as much again as garbage.
            byte[] bytes = new byte[file.available()];
            file.readNBytes(bytes, 0, bytes.length);
            return bytes;
        } catch (IOException e) {
            throw BpfObject.damaged(path + ": " + e.getMessage());
        }
    }
}
