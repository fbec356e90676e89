package io.bpfagent.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;

/** Which CPUs there can be, and which are switched on. Any thread. */
final class OnlineCpus {
    private static final Path ONLINE = Path.of("/sys/devices/system/cpu/online");
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String MASK = "Cpus_allowed:";
    private static final int BITS_OF_DIGIT = 4;
    /** The kernel's largest CONFIG_NR_CPUS. */
    private static final int MOST = 8192;

    private OnlineCpus() {
    }

    /**
     * How many there can ever be: their numbers are below that. libbpf reads it in /sys, which not every container and
     * chroot has; then it is what the kernel's masks have room for, up to three more.
     *
     * @param said by {@code libbpf_num_possible_cpus}
     */
    static int possible(int said) {
        if (said > 0) {
            return said;
        }
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(MASK)) {
                    return ofMask(line.substring(MASK.length()));
                }
            }
        } catch (IOException e) {
            return MOST;
        }
        return MOST;
    }

    /** @param mask as the kernel writes it, with leading zeros, e.g. {@code ff,ffffffff} */
    static int ofMask(String mask) {
        return Math.max(1, mask.strip().replace(",", "").length() * BITS_OF_DIGIT);
    }

    /** Their numbers, below {@code possible}; all where the kernel does not say. */
    static BitSet now(int possible) {
        try {
            return parse(Files.readString(ONLINE).strip(), possible);
        } catch (IOException | NumberFormatException e) {
            BitSet all = new BitSet();
            all.set(0, possible);
            return all;
        }
    }

    /** @param list as the kernel writes it, e.g. {@code 0-3,8} */
    static BitSet parse(String list, int possible) {
        BitSet cpus = new BitSet();
        for (String range : list.split(",")) {
            int dash = range.indexOf('-');
            int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
            int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
            for (int cpu = first; cpu <= last && cpu < possible; cpu++) {
                cpus.set(cpu);
            }
        }
        return cpus;
    }
}
