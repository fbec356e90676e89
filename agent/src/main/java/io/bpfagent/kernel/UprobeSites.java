package io.bpfagent.kernel;

import io.bpfagent.natives.NativeMemory;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Sites in one file as libbpf takes them: arrays in C memory.
 *
 * <p>Layouts of struct bpf_uprobe_multi_opts and bpf_uprobe_opts: libbpf 1.4; their first fields are their
 * sizes.
 */
final class UprobeSites implements AutoCloseable {
    static final int MULTI_OPTS_BYTES = 56;
    private static final int MULTI_OFFSETS = 16;
    private static final int MULTI_SEMAPHORES = 24;
    private static final int MULTI_COOKIES = 32;
    private static final int MULTI_COUNT = 40;
    static final int OPTS_BYTES = 48;
    private static final int OPTS_SEMAPHORE = 8;
    private static final int OPTS_COOKIE = 16;

    private static final int MULTI_RETPROBE = 48;
    private static final int OPTS_RETPROBE = 24;

    private final List<UprobeSite> sites;
    private final boolean returns;
    /** The options; then offsets, semaphores and cookies, as many of each as there are sites. */
    private final NativeMemory memory;

    /** @param returns whether the program is to run when the functions that begin there return */
    UprobeSites(List<UprobeSite> sites, boolean returns) {
        this.sites = sites;
        this.returns = returns;
        this.memory = NativeMemory.allocate(MULTI_OPTS_BYTES + 3L * sites.size() * Long.BYTES);
    }

    int count() {
        return sites.size();
    }

    /** The offset in the file of a site. */
    long offset(int site) {
        return sites.get(site).offset();
    }

    /** A struct bpf_uprobe_multi_opts for all; valid until the next call. */
    long multiOptions() {
        ByteBuffer fields = memory.buffer();
        int arrayBytes = sites.size() * Long.BYTES;
        int offsets = MULTI_OPTS_BYTES;
        int semaphores = offsets + arrayBytes;
        int cookies = semaphores + arrayBytes;
        boolean anySemaphore = false;
        for (int i = 0; i < sites.size(); i++) {
            long semaphore = sites.get(i).semaphore();
            anySemaphore |= semaphore != 0;
            fields.putLong(offsets + i * Long.BYTES, offset(i));
            fields.putLong(semaphores + i * Long.BYTES, semaphore);
            fields.putLong(cookies + i * Long.BYTES, sites.get(i).cookie());
        }
        fields.putLong(0, MULTI_OPTS_BYTES);
        fields.putLong(MULTI_OFFSETS, memory.address() + offsets);
        fields.putLong(MULTI_SEMAPHORES, anySemaphore ? memory.address() + semaphores : 0);
        fields.putLong(MULTI_COOKIES, memory.address() + cookies);
        fields.putLong(MULTI_COUNT, sites.size());
        fields.put(MULTI_RETPROBE, (byte) (returns ? 1 : 0));
        return memory.address();
    }

    /** A struct bpf_uprobe_opts for one; valid until the next call. */
    long options(int site) {
        ByteBuffer fields = memory.buffer();
        for (int at = 0; at < MULTI_OPTS_BYTES; at += Long.BYTES) {
            fields.putLong(at, 0);
        }
        fields.putLong(0, OPTS_BYTES);
        fields.putLong(OPTS_SEMAPHORE, sites.get(site).semaphore());
        fields.putLong(OPTS_COOKIE, sites.get(site).cookie());
        fields.put(OPTS_RETPROBE, (byte) (returns ? 1 : 0));
        return memory.address();
    }

    @Override
    public void close() {
        memory.close();
    }
}
