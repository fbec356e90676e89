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

    /** How many CPUs this kernel can ever have: their numbers are less than that. */
    int libbpf_num_possible_cpus();

    // objects

    long bpf_object__open_mem(long buf, long size, long opts);

    int bpf_object__load(long object);

    void bpf_object__close(long object);

    long bpf_object__find_program_by_name(long object, String name);

    long bpf_object__find_map_by_name(long object, String name);

    // programs

    int bpf_program__fd(long program);

    int bpf_program__set_autoload(long program, int autoload);

    long bpf_program__attach(long program);

    /** {@code pid} -1 is every process; {@code funcPattern} 0: the sites stand in {@code opts}. */
    long bpf_program__attach_uprobe_multi(long program, int pid, String path, long funcPattern, long opts);

    /** {@code offset} is one in the file. */
    long bpf_program__attach_uprobe_opts(long program, int pid, String path, long offset, long opts);

    long bpf_program__attach_iter(long program, long opts);

    /** {@code tpName} is the event's name, without its group. */
    long bpf_program__attach_raw_tracepoint(long program, String tpName);

    // maps

    int bpf_map__fd(long map);

    int bpf_map__value_size(long map);

    int bpf_map__max_entries(long map);

    int bpf_map__set_max_entries(long map, int entries);

    int bpf_map__set_value_size(long map, int size);

    /** Before loading: the map of that descriptor, which is duplicated, in place of a new one. */
    int bpf_map__reuse_fd(long map, int fd);

    /** Before loading: whether the map is made at all; a program that is loaded may not use one that is not. */
    int bpf_map__set_autocreate(long map, int autocreate);

    /** The map's initial contents ({@code .rodata}); its size goes to {@code sizePtr}. */
    long bpf_map__initial_value(long map, long sizePtr);

    /** After loading, by the map's descriptor; key and value are pointers. */
    int bpf_map_update_elem(int fd, long key, long value, long flags);

    // links

    int bpf_link__fd(long link);

    int bpf_link__destroy(long link);

    // system calls

    /** A file descriptor to read the iterator's output from, or {@code -errno}. */
    int bpf_iter_create(int linkFd);

    int bpf_prog_test_run_opts(int programFd, long opts);

    /** Fills a {@code struct bpf_prog_info}; {@code infoLen} points to its size (u32). */
    int bpf_prog_get_info_by_fd(int programFd, long info, long infoLen);

    /** The kernel measures all programs as long as the returned descriptor is open; {@code -errno}: it does not. */
    int bpf_enable_stats(int type);

}
