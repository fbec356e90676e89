package io.bpfagent.kernel;

import io.bpfagent.agent.Arguments;
import io.bpfagent.hotspot.HotSpot;
import io.bpfagent.hotspot.LibJvm;
import io.bpfagent.natives.NativeTier;
import io.bpfagent.records.RecordLayouts;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads and attaches {@code thread_state.bpf.c} for the process it runs in.
 *
 * <p>In this order: sizes and settings, load, map, hand out rows and pages (by the caller), attach
 * the scheduler's events, tell the programs whom to count, then the task iterator for the threads that
 * have had no event, then HotSpot's probes, of which none is necessary.
 */
public final class ThreadStateLoader {
    private static final String OBJECT = "thread_state";
    /** Few enough that a tid nearly always finds its first slot free; 8 bytes each. */
    private static final int INDEX_SLOTS_PER_ROW = 4;
    private static final List<String> SCHEDULER_PROGRAMS =
            List.of("sched_wakeup_new", "sched_wakeup", "sched_switch");
    private static final List<String> USDT_MAPS =
            List.of("__bpf_usdt_specs", "__bpf_usdt_ip_to_spec_id");

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

    /** Loads the programs; nothing is attached yet. */
    public ThreadStatePrograms load() throws KernelException {
        BpfObject object = BpfObject.open(natives, OBJECT, objectFile(), arguments.btf());
        try {
            int slots = indexSlots(arguments.threads());
            object.map("rows").entries(arguments.threads());
            object.map("controls").entries(arguments.threads());
            object.map("pages").entries(arguments.histograms());
            object.map("row_index").entries(slots);
            List<UsdtProbe> usdt = UsdtProbe.wanted(hotSpot, arguments.usdt());
            leaveOut(object, usdt);
            new ThreadStateSettings(hotSpot, arguments.metrics())
                    .write(object.map(".rodata.settings").initialValue(RecordLayouts.Settings.SIZE),
                            slots - 1, kernel);
            // No process has this number; 0 would be the idle tasks, until "identify" has run.
            object.map(".bss").initialValue(RecordLayouts.Globals.SIZE)
                    .putInt(RecordLayouts.Globals.HOST_TGID, -1);
            object.load();
            return new ThreadStatePrograms(natives, object, fds(object), usdt, libJvmFile(),
                    kernel.atLeast(5, 18), bytes(object, usdt));
        } catch (KernelException | RuntimeException | Error e) {
            object.close();
            throw e;
        }
    }

    /** The programs and maps that this kernel or JVM has no use for. */
    private void leaveOut(BpfObject object, List<UsdtProbe> usdt) throws KernelException {
        boolean any = false;
        for (UsdtProbe probe : usdt) {
            object.program(probe.program()).autoload(probe.wanted());
            any |= probe.wanted();
        }
        for (String map : USDT_MAPS) {
            object.map(map).autocreate(any);
        }
        // bpf_copy_from_user_task came with 5.18
        object.program("seed_threads").autoload(kernel.atLeast(5, 18));
    }

    private MapFds fds(BpfObject object) throws KernelException {
        return new MapFds(object.map("rows").fd(), object.map("pages").fd(), object.map("pool_pages").fd(),
                object.map("supplies").fd(), object.map("controls").fd(), object.map(".bss").fd(),
                arguments.threads(), arguments.histograms());
    }

    private static long bytes(BpfObject object, List<UsdtProbe> usdt) throws KernelException {
        List<String> maps = new ArrayList<>(List.of("rows", "pages", "pool_pages", "supplies", "controls",
                "row_index", ".bss", ".rodata", ".rodata.settings"));
        boolean any = false;
        for (UsdtProbe probe : usdt) {
            any |= probe.wanted();
        }
        if (any) {
            maps.addAll(USDT_MAPS);
        }
        long bytes = 0;
        for (String map : maps) {
            bytes += object.map(map).bytes();
        }
        return bytes;
    }

    private String libJvmFile() {
        LibJvm jvm = hotSpot.libJvm().value().orElse(null);
        return jvm == null ? "" : jvm.file().orElse("");
    }

    private static int indexSlots(int rows) {
        return Integer.highestOneBit(rows * INDEX_SLOTS_PER_ROW - 1) << 1;
    }

    static List<String> schedulerPrograms() {
        return SCHEDULER_PROGRAMS;
    }

    private static byte[] objectFile() throws KernelException {
        String architecture = switch (System.getProperty("os.arch", "")) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64" -> "arm64";
            default -> throw new KernelException("Unsupported processor", " (" + System.getProperty("os.arch")
                    + "). bpf-agent has BPF objects for x86_64 and arm64.");
        };
        String path = "bpf/" + architecture + "/" + OBJECT + ".bpf.o";
        try (InputStream file = ThreadStateLoader.class.getClassLoader().getResourceAsStream(path)) {
            if (file == null) {
                throw BpfObject.damaged(path + " is not in it");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw BpfObject.damaged(path + ": " + e.getMessage());
        }
    }
}
