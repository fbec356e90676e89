package io.bpfagent.natives;

import static io.bpfagent.natives.NativeCalls.call;

import com.kenai.jffi.Library;

/** {@link LibBpf} in an opened library: every function is looked up once, in the constructor. */
final class JffiLibBpf implements LibBpf {
    private final Library library;

    private final long libbpf_major_version;
    private final long libbpf_minor_version;
    private final long libbpf_set_print;
    private final long libbpf_strerror;
    private final long libbpf_num_possible_cpus;
    private final long bpf_object__open_mem;
    private final long bpf_object__load;
    private final long bpf_object__close;
    private final long bpf_object__find_program_by_name;
    private final long bpf_object__find_map_by_name;
    private final long bpf_program__fd;
    private final long bpf_program__set_autoload;
    private final long bpf_program__attach;
    private final long bpf_program__attach_uprobe_multi;
    private final long bpf_program__attach_uprobe_opts;
    private final long bpf_program__attach_iter;
    private final long bpf_program__attach_raw_tracepoint;
    private final long bpf_map__fd;
    private final long bpf_map__value_size;
    private final long bpf_map__max_entries;
    private final long bpf_map__set_max_entries;
    private final long bpf_map__set_value_size;
    private final long bpf_map__reuse_fd;
    private final long bpf_map__set_autocreate;
    private final long bpf_map__initial_value;
    private final long bpf_map_update_elem;
    private final long bpf_link__fd;
    private final long bpf_link__destroy;
    private final long bpf_iter_create;
    private final long bpf_prog_test_run_opts;
    private final long bpf_prog_get_info_by_fd;
    private final long bpf_enable_stats;

    JffiLibBpf(Library library) throws NativeTierException {
        this.library = library;
        libbpf_major_version = function("libbpf_major_version");
        libbpf_minor_version = function("libbpf_minor_version");
        libbpf_set_print = function("libbpf_set_print");
        libbpf_strerror = function("libbpf_strerror");
        libbpf_num_possible_cpus = function("libbpf_num_possible_cpus");
        bpf_object__open_mem = function("bpf_object__open_mem");
        bpf_object__load = function("bpf_object__load");
        bpf_object__close = function("bpf_object__close");
        bpf_object__find_program_by_name = function("bpf_object__find_program_by_name");
        bpf_object__find_map_by_name = function("bpf_object__find_map_by_name");
        bpf_program__fd = function("bpf_program__fd");
        bpf_program__set_autoload = function("bpf_program__set_autoload");
        bpf_program__attach = function("bpf_program__attach");
        bpf_program__attach_uprobe_multi = function("bpf_program__attach_uprobe_multi");
        bpf_program__attach_uprobe_opts = function("bpf_program__attach_uprobe_opts");
        bpf_program__attach_iter = function("bpf_program__attach_iter");
        bpf_program__attach_raw_tracepoint = function("bpf_program__attach_raw_tracepoint");
        bpf_map__fd = function("bpf_map__fd");
        bpf_map__value_size = function("bpf_map__value_size");
        bpf_map__max_entries = function("bpf_map__max_entries");
        bpf_map__set_max_entries = function("bpf_map__set_max_entries");
        bpf_map__set_value_size = function("bpf_map__set_value_size");
        bpf_map__reuse_fd = function("bpf_map__reuse_fd");
        bpf_map__set_autocreate = function("bpf_map__set_autocreate");
        bpf_map__initial_value = function("bpf_map__initial_value");
        bpf_map_update_elem = function("bpf_map_update_elem");
        bpf_link__fd = function("bpf_link__fd");
        bpf_link__destroy = function("bpf_link__destroy");
        bpf_iter_create = function("bpf_iter_create");
        bpf_prog_test_run_opts = function("bpf_prog_test_run_opts");
        bpf_prog_get_info_by_fd = function("bpf_prog_get_info_by_fd");
        bpf_enable_stats = function("bpf_enable_stats");
    }

    private long function(String name) throws NativeTierException {
        return NativeCalls.function(library, name);
    }

    @Override
    public int libbpf_major_version() {
        return (int) call(libbpf_major_version);
    }

    @Override
    public int libbpf_num_possible_cpus() {
        return (int) call(libbpf_num_possible_cpus);
    }

    @Override
    public int libbpf_minor_version() {
        return (int) call(libbpf_minor_version);
    }

    @Override
    public long libbpf_set_print(long fn) {
        return call(libbpf_set_print, fn);
    }

    @Override
    public int libbpf_strerror(int err, long buf, long size) {
        return (int) call(libbpf_strerror, err, buf, size);
    }

    @Override
    public long bpf_object__open_mem(long buf, long size, long opts) {
        return call(bpf_object__open_mem, buf, size, opts);
    }

    @Override
    public int bpf_object__load(long object) {
        return (int) call(bpf_object__load, object);
    }

    @Override
    public void bpf_object__close(long object) {
        call(bpf_object__close, object);
    }

    @Override
    public long bpf_object__find_program_by_name(long object, String name) {
        try (NativeMemory nameC = NativeMemory.ofString(name)) {
            return call(bpf_object__find_program_by_name, object, nameC.address());
        }
    }

    @Override
    public long bpf_object__find_map_by_name(long object, String name) {
        try (NativeMemory nameC = NativeMemory.ofString(name)) {
            return call(bpf_object__find_map_by_name, object, nameC.address());
        }
    }

    @Override
    public int bpf_program__fd(long program) {
        return (int) call(bpf_program__fd, program);
    }

    @Override
    public int bpf_program__set_autoload(long program, int autoload) {
        return (int) call(bpf_program__set_autoload, program, autoload);
    }

    @Override
    public long bpf_program__attach(long program) {
        return call(bpf_program__attach, program);
    }

    @Override
    public long bpf_program__attach_uprobe_multi(
            long program, int pid, String path, long funcPattern, long opts) {
        try (NativeMemory pathC = NativeMemory.ofString(path)) {
            return call(bpf_program__attach_uprobe_multi, program, pid, pathC.address(), funcPattern, opts);
        }
    }

    @Override
    public long bpf_program__attach_uprobe_opts(long program, int pid, String path, long offset, long opts) {
        try (NativeMemory pathC = NativeMemory.ofString(path)) {
            return call(bpf_program__attach_uprobe_opts, program, pid, pathC.address(), offset, opts);
        }
    }

    @Override
    public long bpf_program__attach_iter(long program, long opts) {
        return call(bpf_program__attach_iter, program, opts);
    }

    @Override
    public long bpf_program__attach_raw_tracepoint(long program, String tpName) {
        try (NativeMemory nameC = NativeMemory.ofString(tpName)) {
            return call(bpf_program__attach_raw_tracepoint, program, nameC.address());
        }
    }

    @Override
    public int bpf_map__fd(long map) {
        return (int) call(bpf_map__fd, map);
    }

    @Override
    public int bpf_map__value_size(long map) {
        return (int) call(bpf_map__value_size, map);
    }

    @Override
    public int bpf_map__max_entries(long map) {
        return (int) call(bpf_map__max_entries, map);
    }

    @Override
    public int bpf_map__set_max_entries(long map, int entries) {
        return (int) call(bpf_map__set_max_entries, map, entries);
    }

    @Override
    public int bpf_map__set_value_size(long map, int size) {
        return (int) call(bpf_map__set_value_size, map, size);
    }

    @Override
    public int bpf_map__reuse_fd(long map, int fd) {
        return (int) call(bpf_map__reuse_fd, map, fd);
    }

    @Override
    public int bpf_map__set_autocreate(long map, int autocreate) {
        return (int) call(bpf_map__set_autocreate, map, autocreate);
    }

    @Override
    public long bpf_map__initial_value(long map, long sizePtr) {
        return call(bpf_map__initial_value, map, sizePtr);
    }

    @Override
    public int bpf_map_update_elem(int fd, long key, long value, long flags) {
        return (int) call(bpf_map_update_elem, fd, key, value, flags);
    }

    @Override
    public int bpf_link__fd(long link) {
        return (int) call(bpf_link__fd, link);
    }

    @Override
    public int bpf_link__destroy(long link) {
        return (int) call(bpf_link__destroy, link);
    }

    @Override
    public int bpf_iter_create(int linkFd) {
        return (int) call(bpf_iter_create, linkFd);
    }

    @Override
    public int bpf_prog_test_run_opts(int programFd, long opts) {
        return (int) call(bpf_prog_test_run_opts, programFd, opts);
    }

    @Override
    public int bpf_prog_get_info_by_fd(int programFd, long info, long infoLen) {
        return (int) call(bpf_prog_get_info_by_fd, programFd, info, infoLen);
    }

    @Override
    public int bpf_enable_stats(int type) {
        return (int) call(bpf_enable_stats, type);
    }

}
