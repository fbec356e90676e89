package io.bpfagent.it.latencies;

import io.bpfagent.it.Cgroup;

/** One that gives its processes no more than so much memory, their page cache included. */
final class MemoryCgroup extends Cgroup {
    private MemoryCgroup() {
        super("memory");
    }

    /** @throws AssertionError if this machine lets nobody make one */
    static MemoryCgroup create() {
        return new MemoryCgroup();
    }

    /** From now on its processes together get at most so much. */
    void limitTo(long bytes) {
        write(isV2() ? "memory.max" : "memory.limit_in_bytes", Long.toString(bytes));
    }

    /** How often its processes met that limit. */
    long limitsMet() {
        if (!isV2()) {
            return Long.parseLong(read("memory.failcnt").get(0).strip());
        }
        return read("memory.events").stream().filter(line -> line.startsWith("max "))
                .mapToLong(line -> Long.parseLong(line.substring("max ".length()))).sum();
    }
}
