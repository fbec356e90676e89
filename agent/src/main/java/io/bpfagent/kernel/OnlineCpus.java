package io.bpfagent.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;

/** Which CPUs are switched on. Any thread. */
final class OnlineCpus {
    private static final Path ONLINE = Path.of("/sys/devices/system/cpu/online");

    private OnlineCpus() {
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
