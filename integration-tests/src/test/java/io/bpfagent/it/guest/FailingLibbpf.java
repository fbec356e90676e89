package io.bpfagent.it.guest;

import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A library, made by clang, that has every function of libbpf that the agent calls, passes all calls on to the one of
 * the agent's jar, counts them, and lets the call fail that it is told to. For {@code libbpf=}. It is told through a
 * file that it has mapped, so that call after call can fail in one and the same JVM. One thread uses it.
 */
final class FailingLibbpf {
    /** How a function says that it has failed. */
    enum Failure {
        /** It has no way to. */
        NEVER,
        /** -errno. */
        NUMBER,
        /** NULL, and errno. */
        POINTER,
        /** -errno, of what has been done all the same. */
        DONE
    }

    private static final Map<String, Failure> FUNCTIONS = new LinkedHashMap<>();

    static {
        put(Failure.NEVER, "libbpf_major_version", "libbpf_minor_version", "libbpf_set_print", "bpf_object__close",
                "bpf_map__value_size", "bpf_map__max_entries");
        put(Failure.NUMBER, "libbpf_strerror", "libbpf_num_possible_cpus", "bpf_object__load", "bpf_program__fd",
                "bpf_program__set_autoload", "bpf_map__fd", "bpf_map__set_max_entries", "bpf_map__set_value_size",
                "bpf_map__reuse_fd", "bpf_map__set_autocreate", "bpf_map_update_elem", "bpf_link__fd",
                "bpf_iter_create", "bpf_prog_test_run_opts", "bpf_prog_get_info_by_fd", "bpf_enable_stats");
        put(Failure.POINTER, "bpf_object__open_mem", "bpf_object__find_program_by_name",
                "bpf_object__find_map_by_name", "bpf_program__attach", "bpf_program__attach_uprobe_multi",
                "bpf_program__attach_uprobe_opts", "bpf_program__attach_iter", "bpf_program__attach_raw_tracepoint",
                "bpf_map__initial_value");
        put(Failure.DONE, "bpf_link__destroy");
    }

    private static final String FOLDER = "META-INF/bpf-agent/lib/linux-";
    private static final int BYTES = 4096;
    private static final int NTH = 4;
    private static final int ERRNO = 8;
    private static final int FAILED = 12;
    private static final int CALLS = 16;

    private static final String BEGIN = """
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <errno.h>
            #include <fcntl.h>
            #include <stdio.h>
            #include <stdlib.h>
            #include <sys/mman.h>

            static struct { int function, nth, error, failed, calls[64]; } *order;
            static void *library;

            /* RTLD_LOCAL: a library that is there already is found by its SONAME. */
            static void open_library(const char *path) {
                library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
                if (!library) {
                    fprintf(stderr, "%s\\n", dlerror());
                    abort();
                }
            }

            static int fails(int function) {
                int call = __atomic_add_fetch(&order->calls[function], 1, __ATOMIC_SEQ_CST);
                if (order->function != function || order->nth != call)
                    return 0;
                __atomic_add_fetch(&order->failed, 1, __ATOMIC_SEQ_CST);
                return order->error;
            }

            #define FORWARD(name) \\
                static long (*real)(long, long, long, long, long); \\
                if (!real) real = dlsym(library, #name);
            #define FUNCTION(number, name, failure) \\
                long name(long a, long b, long c, long d, long e) { \\
                    FORWARD(name) \\
                    int error = fails(number); \\
                    if (error) { failure } \\
                    return real(a, b, c, d, e); \\
                }
            #define NEVER
            #define NUMBER errno = error; return -error;
            #define POINTER errno = error; return 0;
            #define DONE real(a, b, c, d, e); errno = error; return -error;
            """;

    private final Path directory;
    private final Path library;
    private final ByteBuffer order;

    FailingLibbpf(Path directory) {
        this.directory = directory;
        this.library = directory.resolve("libfailing.so");
        try {
            Path orders = Files.write(directory.resolve("order"), new byte[BYTES]);
            this.order = map(orders);
            StringBuilder source = new StringBuilder(BEGIN);
            int number = 1;
            for (Map.Entry<String, Failure> function : FUNCTIONS.entrySet()) {
                source.append("FUNCTION(" + number++ + ", " + function.getKey() + ", " + function.getValue() + ")\n");
            }
            source.append("__attribute__((constructor)) static void begin(void) {\n");
            source.append("int fd = open(\"" + orders + "\", O_RDWR | O_CLOEXEC);\n");
            source.append("order = mmap(0, " + BYTES + ", PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);\n");
            for (Path file : extract()) {
                source.append("open_library(\"" + file + "\");\n");
            }
            source.append("}\n");
            Path c = Files.writeString(directory.resolve("failing.c"), source);
            Tools.run("clang", "-shared", "-fPIC", "-O1", "-o", library.toString(), c.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void put(Failure failure, String... functions) {
        for (String function : functions) {
            FUNCTIONS.put(function, failure);
        }
    }

    private static ByteBuffer map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
            return mapped.order(ByteOrder.nativeOrder());
        }
    }

    /** The jar's libraries in the order of loading, without libjffi, which comes first and is the agent's own. */
    private List<Path> extract() throws IOException {
        String folder = FOLDER + (System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x86_64") + "/";
        List<Path> files = new ArrayList<>();
        try (ZipFile jar = new ZipFile(HostJvm.agentJar().toFile())) {
            List<String> names = new String(bytes(jar, folder + "index"), StandardCharsets.UTF_8).lines()
                    .filter(line -> !line.isBlank()).toList();
            for (String name : names.subList(1, names.size())) {
                files.add(Files.write(directory.resolve(name), bytes(jar, folder + name)));
            }
        }
        return files;
    }

    private static byte[] bytes(ZipFile jar, String name) throws IOException {
        ZipEntry entry = jar.getEntry(name);
        try (InputStream in = jar.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    /** Its file. */
    Path library() {
        return library;
    }

    /** The functions that can fail. */
    static List<String> failing() {
        return FUNCTIONS.keySet().stream().filter(function -> FUNCTIONS.get(function) != Failure.NEVER).toList();
    }

    /** From now on counts from 0, and nothing fails. */
    void passAll() {
        failFrom(0, 0, 0);
    }

    /** From now on counts from 0, and lets the n-th call of the function fail, that one alone. */
    void fail(String function, int nth, int errno) {
        failFrom(number(function), nth, errno);
    }

    private void failFrom(int function, int nth, int errno) {
        order.putInt(0, 0);
        for (int at = NTH; at < BYTES; at += Integer.BYTES) {
            order.putInt(at, 0);
        }
        order.putInt(NTH, nth).putInt(ERRNO, errno).putInt(0, function);
    }

    /** Whether it has come to that call. */
    boolean hasFailed() {
        return order.getInt(FAILED) != 0;
    }

    /** How often the function was called since it was counted from 0. */
    int calls(String function) {
        return order.getInt(CALLS + number(function) * Integer.BYTES);
    }

    private static int number(String function) {
        return 1 + List.copyOf(FUNCTIONS.keySet()).indexOf(function);
    }
}
