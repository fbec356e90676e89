package io.bpfagent.natives;

/**
 * The functions of libbpf that the agent calls, with their C names and order of arguments.
 *
 * <p>Every pointer is a {@code long} (0 is NULL); a {@code String} is copied into C memory for the
 * time of the call; {@code size_t} and {@code __u64} are {@code long}, {@code bool} is an
 * {@code int}. Structures (the {@code *_opts}) are laid out by the caller in a
 * {@link NativeMemory}.
 *
 * <p>Errors are libbpf's own: a function that returns {@code int} gives {@code -errno}; one that
 * returns a pointer gives 0 and leaves its errno in {@link NativeTier#errno()}, to be read by the
 * same thread before its next call. Nothing here checks a handle: a wrong pointer ends the JVM, so
 * only {@code io.bpfagent.kernel}, which checks them all, calls these methods.
 *
 * @see <a href="https://docs.ebpf.io/ebpf-library/libbpf/">libbpf</a>
 */
public interface LibBpf {
    int libbpf_major_version();

    int libbpf_minor_version();

    /** With 0, libbpf prints nothing; a callback would have to take a {@code va_list}. */
    long libbpf_set_print(long fn);

    int libbpf_strerror(int err, long buf, long size);

    /** At least 1, or {@code -errno}. */
    int libbpf_num_possible_cpus();

    /** 1 supported, 0 not, or {@code -errno}. */
    int libbpf_probe_bpf_prog_type(int progType, long opts);

    // objects

    long bpf_object__open_mem(long buf, long size, long opts);

    long bpf_object__open_file(String path, long opts);

    int bpf_object__load(long object);

    void bpf_object__close(long object);

    long bpf_object__find_program_by_name(long object, String name);

    long bpf_object__find_map_by_name(long object, String name);

    /** The program after {@code program}, the first one for 0; 0 at the end. */
    long bpf_object__next_program(long object, long program);

    /** The map after {@code map}, the first one for 0; 0 at the end. */
    long bpf_object__next_map(long object, long map);

    // programs

    String bpf_program__name(long program);

    int bpf_program__fd(long program);

    int bpf_program__set_autoload(long program, int autoload);

    void bpf_program__set_autoattach(long program, int autoattach);

    /** The buffer must outlive the object's loading. */
    int bpf_program__set_log_buf(long program, long buf, long size);

    int bpf_program__set_log_level(long program, int level);

    long bpf_program__attach(long program);

    /** {@code pid} -1 is every process; the provider and the name are those of the notes. */
    long bpf_program__attach_usdt(
            long program, int pid, String path, String provider, String name, long opts);

    long bpf_program__attach_uprobe_opts(
            long program, int pid, String path, long offset, long opts);

    long bpf_program__attach_uprobe_multi(
            long program, int pid, String path, String pattern, long opts);

    long bpf_program__attach_iter(long program, long opts);

    // maps

    String bpf_map__name(long map);

    int bpf_map__fd(long map);

    int bpf_map__type(long map);

    int bpf_map__key_size(long map);

    int bpf_map__value_size(long map);

    int bpf_map__max_entries(long map);

    int bpf_map__set_max_entries(long map, int entries);

    int bpf_map__set_autocreate(long map, int autocreate);

    /** The map's initial contents ({@code .rodata}); its size goes to {@code sizePtr}. */
    long bpf_map__initial_value(long map, long sizePtr);

    // links

    int bpf_link__fd(long link);

    int bpf_link__destroy(long link);

    // system calls

    /** A file descriptor to read the iterator's output from, or {@code -errno}. */
    int bpf_iter_create(int linkFd);

    int bpf_prog_test_run_opts(int programFd, long opts);

    /** Fills a {@code struct bpf_prog_info}; {@code infoLen} points to its size (u32). */
    int bpf_prog_get_info_by_fd(int programFd, long info, long infoLen);

    /** Fills a {@code struct bpf_map_info}; {@code infoLen} points to its size (u32). */
    int bpf_map_get_info_by_fd(int mapFd, long info, long infoLen);

    int bpf_map_update_elem(int mapFd, long key, long value, long flags);

    int bpf_map_lookup_elem(int mapFd, long key, long value);

    int bpf_map_freeze(int mapFd);

    /** A descriptor: while it is open, runs and run times are counted; or {@code -errno}. */
    int bpf_enable_stats(int type);
}
