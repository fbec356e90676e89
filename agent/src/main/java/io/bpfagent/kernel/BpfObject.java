package io.bpfagent.kernel;

import io.bpfagent.natives.FreedMemory;
import io.bpfagent.natives.LibBpf;
import io.bpfagent.natives.NativeMemory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An object file in libbpf's hands, with the links made from it.
 *
 * <p>Assumptions: one thread, and at the host's end another for {@link #letGo}. Guarantees: no null handle and none
 * of a closed object reaches libbpf; {@link #close()} detaches the links in reverse order, then frees the object, and
 * goes on when one of these throws; closing twice is harmless.
 */
final class BpfObject implements AutoCloseable {
    /** Layout of struct bpf_object_open_opts, libbpf 1.4; its first field is its size. */
    private static final int OPEN_OPTS_BYTES = 88;
    private static final int OPEN_OPTS_NAME = 8;
    private static final int OPEN_OPTS_BTF_PATH = 48;
    private static final int OPEN_OPTS_LOG = 56;
    private static final int OPEN_OPTS_LOG_BYTES = 64;
    private static final String REPORT = "Please report it with 'uname -r'.";

    private final Natives natives;
    private final LibBpf libbpf;
    private final String name;
    private final boolean givenTypes;
    private final VerifierLog log;
    private long[] links = new long[8];
    private int linkCount;
    private long object;
    /** Of the links that the kernel takes some 50 ms each to take back. Guarded by this, as the two below. */
    private final List<Integer> slowFds = new ArrayList<>(8);
    private boolean closing;
    private boolean letGo;

    private BpfObject(Natives natives, String name, boolean givenTypes, int logBytes) {
        this.natives = natives;
        this.libbpf = natives.libBpf();
        this.name = name;
        this.givenTypes = givenTypes;
        this.log = new VerifierLog(logBytes);
    }

    /**
     * Parses an object file.
     *
     * @param name  what its maps and programs are called after in error messages and by bpftool
     * @param bytes the ELF file
     * @param btf   a file of kernel types in place of the running kernel's own
     */
    static BpfObject open(Natives natives, String name, byte[] bytes, Optional<Path> btf)
            throws KernelException {
        return open(natives, name, bytes, btf, VerifierLog.BYTES);
    }

    /** The same; {@code logBytes} is the room for what the verifier has to say. */
    static BpfObject open(Natives natives, String name, byte[] bytes, Optional<Path> btf, int logBytes)
            throws KernelException {
        BpfObject opened = new BpfObject(natives, name, btf.isPresent(), logBytes);
        try (NativeMemory elf = NativeMemory.of(bytes);
                NativeMemory cName = NativeMemory.ofString(name);
                NativeMemory cBtf = NativeMemory.ofString(btf.isPresent() ? btf.get().toString() : "");
                NativeMemory options = NativeMemory.allocate(OPEN_OPTS_BYTES)) {
            ByteBuffer fields = options.buffer();
            fields.putLong(0, OPEN_OPTS_BYTES);
            fields.putLong(OPEN_OPTS_NAME, cName.address());
            fields.putLong(OPEN_OPTS_BTF_PATH, btf.isPresent() ? cBtf.address() : 0);
            fields.putLong(OPEN_OPTS_LOG, opened.log.address());
            fields.putLong(OPEN_OPTS_LOG_BYTES, opened.log.bytes());
            opened.object = opened.libbpf.bpf_object__open_mem(elf.address(), bytes.length, options.address());
            if (opened.object == 0) {
                throw opened.failed("Cannot open the BPF object", "bpf_object__open_mem", -natives.errno());
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
            throw damaged("bpf_object__find_program_by_name: " + name + " has no program " + program);
        }
        return new BpfProgram(this, natives, program, handle);
    }

    /** The map of this name. */
    BpfMap map(String map) throws KernelException {
        long handle = libbpf.bpf_object__find_map_by_name(object(), map);
        if (handle == 0) {
            throw damaged("bpf_object__find_map_by_name: " + name + " has no map " + map);
        }
        return new BpfMap(this, libbpf, map, handle);
    }

    /** An exception for a jar whose parts do not fit together. */
    static KernelException damaged(String cause) {
        return new KernelException("The agent jar is damaged", " (" + cause + "). Build or copy it again.");
    }

    /** Creates the maps and loads the programs. On failure the message has the verifier's last lines. */
    void load() throws KernelException {
        int result = loadUndisturbed();
        if (result < 0) {
            String verifier = log.lastLines();
            // The verifier refuses with EACCES too, and then no privilege helps.
            throw verifier.isEmpty()
                    ? failed("Cannot load BPF programs", "bpf_object__load", result)
                    : failed("Cannot load BPF programs", "bpf_object__load", result,
                            "; the verifier: " + verifier, REPORT);
        }
        log.close();
    }

    private int loadUndisturbed() {
        SignalMask mask = SignalMask.set(natives.libC());
        try {
            return libbpf.bpf_object__load(object());
        } finally {
            mask.close();
            FreedMemory.giveBack(natives.libC());
        }
    }

    /**
     * Makes room for more links, so that {@link #keep} cannot fail for want of memory.
     *
     * @return how many there are, for {@link #detachTo}
     */
    int expectLinks(int more) {
        if (linkCount + more > links.length) {
            links = Arrays.copyOf(links, linkCount * 2 + more);
        }
        return linkCount;
    }

    /** Keeps a link, for which {@link #expectLinks} was called, to be detached by {@link #close()}. */
    void keep(long link) {
        links[linkCount++] = link;
    }

    /** Keeps the link of uprobes likewise. */
    void keepUprobes(long link) {
        keep(link);
        int fd = libbpf.bpf_link__fd(link);
        synchronized (this) {
            if (fd >= 0) {
                slowFds.add(fd);
            }
        }
    }

    /**
     * At the host's end, on any thread: gives away the descriptors of the links that the kernel is slow to take back,
     * so that they can be closed all at once. From now on {@link #close} does nothing: the process ends.
     */
    synchronized List<Integer> letGo() {
        if (closing) {
            return List.of();
        }
        letGo = true;
        return List.copyOf(slowFds);
    }

    /** The links that were kept since there were {@code before}. */
    long[] linksSince(int before) {
        return Arrays.copyOfRange(links, before, linkCount);
    }

    /** Detaches these alone, the last first, and goes on when one of them throws. */
    void detach(long[] some) {
        detach(some, some.length);
    }

    private void detach(long[] some, int count) {
        if (count == 0) {
            return;
        }
        long link = some[count - 1];
        int kept = 0;
        for (int i = 0; i < linkCount; i++) {
            if (links[i] != link) {
                links[kept++] = links[i];
            }
        }
        boolean known = kept < linkCount;
        linkCount = kept;
        try {
            if (known) {
                detach(link);
            }
        } finally {
            detach(some, count - 1);
        }
    }

    /** Descriptors of all links that are kept, in the order in which they were made. */
    int[] linkFds() throws KernelException {
        int[] fds = new int[linkCount];
        for (int i = 0; i < linkCount; i++) {
            fds[i] = libbpf.bpf_link__fd(links[i]);
            if (fds[i] < 0) {
                throw failed("Cannot attach a probe", "bpf_link__fd", fds[i]);
            }
        }
        return fds;
    }

    /** Of these the ones that {@link #letGo} would give. */
    synchronized List<Integer> slowFds() {
        return List.copyOf(slowFds);
    }

    private void detach(long link) {
        try {
            forget(libbpf.bpf_link__fd(link));
        } finally {
            libbpf.bpf_link__destroy(link);
        }
    }

    /** Before it is closed: the number may be a file's of the host soon. */
    private synchronized void forget(int fd) {
        slowFds.remove((Integer) fd);
    }

    /** Detaches the links that came after the first {@code count}, the last first. */
    void detachTo(int count) {
        if (linkCount > count) {
            try {
                detach(links[--linkCount]);
            } finally {
                detachTo(count);
            }
        }
    }

    /** Detaches all links, for good; at the host's end nothing. */
    void detach() {
        synchronized (this) {
            if (letGo) {
                return;
            }
            closing = true;
        }
        detachTo(0);
    }

    /** An exception for a call that gave {@code result}, a negative errno. */
    KernelException failed(String what, String call, int result) {
        return failed(what, call, result, "", remedy(-result));
    }

    /** One with a remedy of its own, which ends with a full stop. */
    KernelException failed(String what, String call, int result, String remedy) {
        return failed(what, call, result, "", remedy);
    }

    private KernelException failed(String what, String call, int result, String detail, String remedy) {
        return new KernelException(what, " (" + name + "): " + call + " says " + natives.textOf(-result) + detail
                + ". " + remedy);
    }

    private String remedy(int errno) {
        return switch (errno) {
            case 1, 13 -> "Run the JVM as root or with the ambient capabilities CAP_BPF and CAP_PERFMON;"
                    + " a container's seccomp profile or kernel lockdown can forbid it too.";
            case 12 -> "Ask for fewer threads= or histograms=, or raise the memory limit of the cgroup.";
            default -> givenTypes ? "Leave btf= out, or name the BTF of this very kernel." : REPORT;
        };
    }

    /** The object's handle; whoever has a handle of one of its parts asks this first. */
    long object() {
        if (object == 0) {
            throw new IllegalStateException(name + " is closed");
        }
        return object;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (letGo) {
                return;
            }
            closing = true;
        }
        try {
            detachTo(0);
        } finally {
            closeObject();
        }
    }

    private void closeObject() {
        try {
            if (object != 0) {
                long closed = object;
                object = 0;
                libbpf.bpf_object__close(closed);
            }
        } finally {
            log.close();
        }
    }
}
