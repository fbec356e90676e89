package io.bpfagent.kernel;

import io.bpfagent.natives.LibBpf;
import io.bpfagent.natives.NativeMemory;
import io.bpfagent.records.RecordLayouts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** libbpf as this package calls it, on a {@link FakeKernel}; it looks at every structure it is given. */
final class FakeLibBpf implements LibBpf {
    static final String VERIFIER_SAYS = "0: (85) call\nR2 invalid mem access\nprocessed 3 insns\n";
    private static final Set<String> OBJECTS = Set.of("thread_state", "user_probe", "thread_counters");
    static final int ENTRIES = 4096;
    static final int POSSIBLE_CPUS = 6;
    private static final Map<String, Integer> VALUE_BYTES = Map.of(
            ".rodata.settings", RecordLayouts.Settings.SIZE, ".bss", RecordLayouts.Globals.SIZE,
            ".rodata.sites", RecordLayouts.RecordSizes.PROBE_SITES * RecordLayouts.ProbeSite.SIZE,
            ".rodata.probe", RecordLayouts.UserProbe.SIZE, ".rodata.counters", RecordLayouts.CounterSettings.SIZE,
            ".rodata.user_sites", RecordLayouts.RecordSizes.USER_SITES * RecordLayouts.ProbeSite.SIZE);

    private final FakeKernel kernel;
    private final Map<String, Long> values = new HashMap<>();
    private final List<Uprobe> uprobes = new ArrayList<>();
    private final Set<String> loaded = new TreeSet<>();
    private final Map<String, String> shared = new TreeMap<>();
    private final Set<String> leftOut = new TreeSet<>();
    private final List<String> tracepoints = new ArrayList<>();
    private final List<String> iterated = new ArrayList<>();
    private final List<String> counters = new ArrayList<>();
    private final List<Integer> runOn = new ArrayList<>();
    private final boolean hasUprobeMulti;
    private final Set<String> refused = new TreeSet<>();
    private ByteBuffer log;

    /** A site as it was attached. */
    record Uprobe(String file, long offset, long semaphore, long cookie, boolean returns) {}

    FakeLibBpf(FakeKernel kernel, boolean hasUprobeMulti) {
        this.kernel = kernel;
        this.hasUprobeMulti = hasUprobeMulti;
    }

    /** From now on the kernel takes no program of this name, nor attaches what this names: {@code PROGRAM of FILE}. */
    void refuse(String what) {
        refused.add(what);
    }

    /** All that were attached, in that order. */
    List<Uprobe> uprobes() {
        return uprobes;
    }

    /** What iterators were attached to, in that order. */
    List<String> iterated() {
        return iterated;
    }

    /** What was put into maps of counters: {@code INDEX: counter CONFIG of CPU NUMBER}. */
    List<String> counters() {
        return counters;
    }

    /** On which CPUs a program was run. */
    List<Integer> runOn() {
        return runOn;
    }

    /** The programs that were last asked to be loaded, of those of which it was said. */
    Set<String> loaded() {
        return loaded;
    }

    /** Maps that are another object's, with what those are called. */
    Map<String, String> shared() {
        return shared;
    }

    /** Maps that are not made. */
    Set<String> leftOut() {
        return leftOut;
    }

    /** What was attached to the kernel's tracepoints: {@code PROGRAM to EVENT}. */
    List<String> tracepoints() {
        return tracepoints;
    }

    /** What was written as a map's initial value. */
    ByteBuffer value(String map) {
        return NativeMemory.bufferAt(values.get(map), VALUE_BYTES.get(map));
    }

    @Override
    public long bpf_object__open_mem(long buf, long size, long opts) {
        ByteBuffer options = NativeMemory.bufferAt(opts, 88);
        if (options.getLong(0) != 88 || !OBJECTS.contains(NativeMemory.stringAt(options.getLong(8)))
                || NativeMemory.bufferAt(buf, size).getInt(0) != 0x464c457f) {
            throw kernel.violation("bpf_object__open_mem with wrong options or no ELF file");
        }
        log = NativeMemory.bufferAt(options.getLong(56), options.getLong(64));
        return kernel.open("bpf_object__open_mem", NativeMemory.stringAt(options.getLong(8)));
    }

    @Override
    public int bpf_object__load(long object) {
        kernel.use("bpf_object__load", object);
        if (kernel.fails("bpf_object__load") | !Collections.disjoint(refused, loaded)) {
            log.put(VERIFIER_SAYS.getBytes(StandardCharsets.UTF_8));
            return -FakeKernel.ERRNO;
        }
        return 0;
    }

    @Override
    public void bpf_object__close(long object) {
        kernel.close("bpf_object__close", object);
    }

    @Override
    public long bpf_object__find_program_by_name(long object, String name) {
        kernel.use("bpf_object__find_program_by_name", object);
        return kernel.part("bpf_object__find_program_by_name", name);
    }

    @Override
    public long bpf_object__find_map_by_name(long object, String name) {
        kernel.use("bpf_object__find_map_by_name", object);
        return kernel.part("bpf_object__find_map_by_name", name);
    }

    @Override
    public int bpf_program__fd(long program) {
        return descriptor("bpf_program__fd", program);
    }

    @Override
    public int bpf_program__set_autoload(long program, int autoload) {
        String name = kernel.use("bpf_program__set_autoload", program);
        if (autoload == 0) {
            loaded.remove(name);
        } else {
            loaded.add(name);
        }
        return simple("bpf_program__set_autoload", program);
    }

    @Override
    public long bpf_program__attach(long program) {
        String name = kernel.use("bpf_program__attach", program);
        return refused.contains(name + " of the kernel") ? kernel.refuse("bpf_program__attach")
                : kernel.open("bpf_program__attach", "link of " + name);
    }

    @Override
    public long bpf_program__attach_uprobe_multi(long program, int pid, String path, long funcPattern, long opts) {
        ByteBuffer options = NativeMemory.bufferAt(opts, 56);
        if (options.getLong(0) != 56 || pid != 4711 || funcPattern != 0 || options.getLong(8) != 0
                || options.getLong(48) >> 1 != 0 || path.isEmpty()) {
            throw kernel.violation("bpf_program__attach_uprobe_multi with wrong options");
        }
        String call = "bpf_program__attach_uprobe_multi";
        String name = kernel.use(call, program);
        long link = hasUprobeMulti && !refuses(name, path) ? kernel.open(call, "link of " + name) : kernel.refuse(call);
        int count = (int) options.getLong(40);
        for (int i = 0; link != 0 && i < count; i++) {
            uprobes.add(new Uprobe(path, word(options.getLong(16), i), word(options.getLong(24), i),
                    word(options.getLong(32), i), options.getLong(48) == 1));
        }
        return link;
    }

    private boolean refuses(String program, String path) {
        return refused.contains(program + " of " + path.substring(path.lastIndexOf('/') + 1).replaceAll("\\.so.*", ""));
    }

    /** Of an array, 0 where there is none. */
    private static long word(long array, int index) {
        return array == 0 ? 0 : NativeMemory.bufferAt(array + index * 8L, 8).getLong(0);
    }

    @Override
    public long bpf_program__attach_uprobe_opts(long program, int pid, String path, long offset, long opts) {
        ByteBuffer options = NativeMemory.bufferAt(opts, 48);
        if (options.getLong(0) != 48 || pid != 4711 || path.isEmpty()
                || (options.getLong(24) >> 1 | options.getLong(32) | options.getLong(40)) != 0) {
            throw kernel.violation("bpf_program__attach_uprobe_opts with wrong options");
        }
        String call = "bpf_program__attach_uprobe_opts";
        String name = kernel.use(call, program);
        long link = refuses(name, path) ? kernel.refuse(call) : kernel.open(call, "link of " + name);
        if (link != 0) {
            uprobes.add(new Uprobe(path, offset, options.getLong(8), options.getLong(16), options.getLong(24) == 1));
        }
        return link;
    }

    @Override
    public long bpf_program__attach_iter(long program, long opts) {
        iterated.add(opts == 0 ? "all" : whatIsIteratedOver(NativeMemory.bufferAt(opts, 24)));
        return kernel.open("bpf_program__attach_iter", "link of " + kernel.use("bpf_program__attach_iter", program));
    }

    private String whatIsIteratedOver(ByteBuffer options) {
        int infoBytes = options.getInt(16);
        if (options.getLong(0) != 24 || infoBytes != 4 && infoBytes != 12) {
            throw kernel.violation("bpf_program__attach_iter with wrong options");
        }
        ByteBuffer info = NativeMemory.bufferAt(options.getLong(8), infoBytes);
        if (infoBytes == 4) {
            kernel.use("bpf_program__attach_iter", info.getInt(0));
            return "a map";
        }
        return "tasks of " + info.getInt(4);
    }

    @Override
    public long bpf_program__attach_raw_tracepoint(long program, String tpName) {
        String call = "bpf_program__attach_raw_tracepoint";
        String name = kernel.use(call, program);
        long link = kernel.open(call, "link of " + name);
        if (link != 0) {
            tracepoints.add(name + " to " + tpName);
        }
        return link;
    }

    @Override
    public int bpf_map__reuse_fd(long map, int fd) {
        String call = "bpf_map__reuse_fd";
        shared.put(kernel.use(call, map), kernel.use(call, fd));
        return kernel.fails(call) ? -FakeKernel.ERRNO : 0;
    }

    @Override
    public int bpf_map__set_autocreate(long map, int autocreate) {
        if (autocreate == 0) {
            leftOut.add(kernel.use("bpf_map__set_autocreate", map));
        }
        return simple("bpf_map__set_autocreate", map);
    }

    @Override
    public int bpf_map__fd(long map) {
        return descriptor("bpf_map__fd", map);
    }

    @Override
    public int bpf_map__value_size(long map) {
        kernel.use("bpf_map__value_size", map);
        return 100;
    }

    @Override
    public int bpf_map__max_entries(long map) {
        kernel.use("bpf_map__max_entries", map);
        return ENTRIES;
    }

    @Override
    public int bpf_map__set_max_entries(long map, int entries) {
        if (kernel.use("bpf_map__set_max_entries", map).equals("watched_cpus") && entries != POSSIBLE_CPUS) {
            throw kernel.violation("watched_cpus has " + entries + " entries for " + POSSIBLE_CPUS + " CPUs");
        }
        return kernel.fails("bpf_map__set_max_entries") ? -FakeKernel.ERRNO : 0;
    }

    @Override
    public int bpf_map__set_value_size(long map, int size) {
        kernel.use("bpf_map__set_value_size", map);
        return kernel.fails("bpf_map__set_value_size") ? -FakeKernel.ERRNO : 0;
    }

    @Override
    public long bpf_map__initial_value(long map, long sizePtr) {
        String name = kernel.use("bpf_map__initial_value", map);
        if (kernel.fails("bpf_map__initial_value")) {
            return 0;
        }
        int bytes = VALUE_BYTES.get(name);
        NativeMemory.bufferAt(sizePtr, Long.BYTES).putLong(0, bytes);
        return values.computeIfAbsent(name, any -> kernel.allocate(bytes));
    }

    @Override
    public int bpf_map_update_elem(int fd, long key, long value, long flags) {
        String call = "bpf_map_update_elem";
        int result = simple(call, fd);
        String counter = kernel.use(call, NativeMemory.bufferAt(value, 4).getInt(0));
        if (result == 0) {
            counters.add(NativeMemory.bufferAt(key, 4).getInt(0) + ": " + counter);
        }
        return result;
    }

    @Override
    public int bpf_link__fd(long link) {
        return descriptor("bpf_link__fd", link);
    }

    @Override
    public int bpf_link__destroy(long link) {
        kernel.close("bpf_link__destroy", link);
        return 0;
    }

    @Override
    public int bpf_iter_create(int linkFd) {
        kernel.use("bpf_iter_create", linkFd);
        int fd = (int) kernel.open("bpf_iter_create", "iterator");
        return fd == 0 ? -FakeKernel.ERRNO : fd;
    }

    @Override
    public int bpf_prog_test_run_opts(int programFd, long opts) {
        if (NativeMemory.bufferAt(opts, 80).getLong(0) != 80) {
            throw kernel.violation("bpf_prog_test_run_opts with options of another size");
        }
        ByteBuffer options = NativeMemory.bufferAt(opts, 80);
        if (options.getInt(68) == 1) {
            runOn.add(options.getInt(72));
        }
        return simple("bpf_prog_test_run_opts", programFd);
    }

    @Override
    public int bpf_prog_get_info_by_fd(int programFd, long info, long infoLen) {
        int bytes = NativeMemory.bufferAt(infoLen, Integer.BYTES).getInt(0);
        ByteBuffer fields = NativeMemory.bufferAt(info, bytes);
        fields.putLong(192, 2_000); // run_time_ns
        fields.putLong(200, 20); // run_cnt
        fields.putLong(208, 3); // recursion_misses
        return simple("bpf_prog_get_info_by_fd", programFd);
    }

    @Override
    public int bpf_enable_stats(int type) {
        int fd = (int) kernel.open("bpf_enable_stats", "statistics");
        return fd == 0 ? -FakeKernel.ERRNO : fd;
    }

    private int simple(String call, long handle) {
        kernel.use(call, handle);
        return kernel.fails(call) ? -FakeKernel.ERRNO : 0;
    }

    private int descriptor(String call, long handle) {
        kernel.use(call, handle);
        return kernel.fails(call) ? -FakeKernel.ERRNO : (int) handle;
    }

    private AssertionError unexpected(String call) {
        return kernel.violation(call + " is not expected");
    }

    @Override
    public int libbpf_num_possible_cpus() {
        return POSSIBLE_CPUS;
    }

    @Override
    public int libbpf_major_version() {
        throw unexpected("libbpf_major_version");
    }

    @Override
    public int libbpf_minor_version() {
        throw unexpected("libbpf_minor_version");
    }

    @Override
    public long libbpf_set_print(long fn) {
        throw unexpected("libbpf_set_print");
    }

    @Override
    public int libbpf_strerror(int err, long buf, long size) {
        throw unexpected("libbpf_strerror");
    }

}
