package io.bpfagent.kernel;

import io.bpfagent.natives.LibBpf;
import io.bpfagent.natives.NativeMemory;
import io.bpfagent.natives.NativeTier;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/**
 * An object file in libbpf's hands, with the links made from it.
 *
 * <p>Assumptions: one thread. Guarantees: no null handle reaches libbpf; {@link #close()} detaches the
 * links in reverse order, then frees the object; closing twice is harmless.
 */
final class BpfObject implements AutoCloseable {
    /** Layout of struct bpf_object_open_opts, libbpf 1.4; its first field is its size. */
    private static final int OPEN_OPTS_BYTES = 88;
    private static final int OPEN_OPTS_NAME = 8;
    private static final int OPEN_OPTS_BTF_PATH = 48;
    private static final int OPEN_OPTS_LOG = 56;
    private static final int OPEN_OPTS_LOG_BYTES = 64;
    /**
     * For the verifier, which counts a log that does not fit as a failure of its own. Touched by the
     * kernel only when a program is refused, and freed when all are loaded.
     */
    private static final int LOG_BYTES = 1024 * 1024;
    /** Of its end, which names the fault. */
    private static final int LOG_BYTES_READ = 4096;
    private static final int LOG_LINES_SHOWN = 3;

    private final NativeTier natives;
    private final LibBpf libbpf;
    private final String name;
    private final Deque<Long> links = new ArrayDeque<>();
    private final NativeMemory log = NativeMemory.allocate(LOG_BYTES);
    private long object;

    private BpfObject(NativeTier natives, String name) {
        this.natives = natives;
        this.libbpf = natives.libBpf();
        this.name = name;
    }

    /**
     * Parses an object file.
     *
     * @param name  what its maps and programs are called after in error messages and by bpftool
     * @param bytes the ELF file
     * @param btf   a file of kernel types in place of the running kernel's own
     */
    static BpfObject open(NativeTier natives, String name, byte[] bytes, Optional<Path> btf)
            throws KernelException {
        BpfObject opened = new BpfObject(natives, name);
        try (NativeMemory elf = NativeMemory.of(bytes);
                NativeMemory cName = NativeMemory.ofString(name);
                NativeMemory cBtf = NativeMemory.ofString(btf.map(Path::toString).orElse(""));
                NativeMemory options = NativeMemory.allocate(OPEN_OPTS_BYTES)) {
            ByteBuffer fields = options.buffer();
            fields.putLong(0, OPEN_OPTS_BYTES);
            fields.putLong(OPEN_OPTS_NAME, cName.address());
            fields.putLong(OPEN_OPTS_BTF_PATH, btf.isPresent() ? cBtf.address() : 0);
            fields.putLong(OPEN_OPTS_LOG, opened.log.address());
            fields.putLong(OPEN_OPTS_LOG_BYTES, LOG_BYTES);
            opened.object = opened.libbpf.bpf_object__open_mem(elf.address(), bytes.length, options.address());
            if (opened.object == 0) {
                throw opened.failed("Cannot open the BPF object", "bpf_object__open_mem", -NativeTier.errno());
            }
            return opened;
        } catch (KernelException | RuntimeException | Error e) {
            opened.close();
            throw e;
        }
    }

    /** The program of this name. */
    BpfProgram program(String program) throws KernelException {
        long handle = libbpf.bpf_object__find_program_by_name(object(), program);
        if (handle == 0) {
            throw damaged(name + " has no program " + program);
        }
        return new BpfProgram(this, libbpf, program, handle);
    }

    /** The map of this name. */
    BpfMap map(String map) throws KernelException {
        long handle = libbpf.bpf_object__find_map_by_name(object(), map);
        if (handle == 0) {
            throw damaged(name + " has no map " + map);
        }
        return new BpfMap(this, libbpf, map, handle);
    }

    /** An exception for a jar whose parts do not fit together. */
    static KernelException damaged(String cause) {
        return new KernelException("The agent jar is damaged", " (" + cause + "). Build or copy it again.");
    }

    /** Creates the maps and loads the programs. On failure the message has the verifier's last lines. */
    void load() throws KernelException {
        int result = libbpf.bpf_object__load(object());
        if (result < 0) {
            throw failed("Cannot load BPF programs", "bpf_object__load", result);
        }
        log.close();
    }

    /** Keeps a link to be detached by {@link #close()}. */
    void keep(long link) {
        links.push(link);
    }

    /** An exception for a call that gave {@code result}, a negative errno. */
    KernelException failed(String what, String call, int result) {
        return new KernelException(what, " (" + name + "): " + call + " says " + natives.errorText(-result)
                + verifierSays() + ". " + remedy(-result));
    }

    private static String remedy(int errno) {
        return switch (errno) {
            case 1, 13 -> "Run the JVM as root or with the ambient capabilities CAP_BPF and CAP_PERFMON;"
                    + " a container's seccomp profile or kernel lockdown can forbid it too.";
            case 2, 3 -> "The kernel lacks what the program needs; give the kernel's own BTF with btf=/path"
                    + " if it has none.";
            case 12 -> "Ask for fewer threads= or histograms=, or raise the memory limit of the cgroup.";
            default -> "Please report it with 'uname -r'.";
        };
    }

    private String verifierSays() {
        if (log.isClosed()) {
            return "";
        }
        ByteBuffer buffer = log.buffer();
        int end = 0;
        while (end < LOG_BYTES && buffer.get(end) != 0) {
            end++;
        }
        byte[] text = new byte[Math.min(end, LOG_BYTES_READ)];
        buffer.get(end - text.length, text);
        String[] lines = new String(text, StandardCharsets.UTF_8).strip().split("\n");
        if (lines.length == 1 && lines[0].isEmpty()) {
            return "";
        }
        String[] last = Arrays.copyOfRange(lines, Math.max(0, lines.length - LOG_LINES_SHOWN), lines.length);
        return "; the verifier: " + String.join(" | ", last);
    }

    private long object() {
        if (object == 0) {
            throw new IllegalStateException(name + " is closed");
        }
        return object;
    }

    @Override
    public void close() {
        while (!links.isEmpty()) {
            libbpf.bpf_link__destroy(links.pop());
        }
        if (object != 0) {
            libbpf.bpf_object__close(object);
            object = 0;
        }
        log.close();
    }
}
