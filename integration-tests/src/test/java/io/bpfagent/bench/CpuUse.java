package io.bpfagent.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * CPU time since boot, by the kernel's accounts, in ticks of 10 ms: proc(5).
 *
 * @param own    of some processes
 * @param others of all others, of the kernel, and what the hypervisor took
 */
record CpuUse(long own, long others) {
    private static final Path ALL = Path.of("/proc/stat");

    static CpuUse of(long... pids) {
        try {
            long own = 0;
            for (long pid : pids) {
                // The name may contain blanks; after it: state, 10 more, utime, stime.
                String[] process = Files.readString(Path.of("/proc/" + pid + "/stat")).replaceFirst("(?s).*\\) ", "")
                        .split(" ");
                own += Long.parseLong(process[11]) + Long.parseLong(process[12]);
            }
            // cpu, user, nice, system, idle, iowait, irq, softirq, steal
            String[] all = Files.readString(ALL).split("\n", 2)[0].split(" +");
            long busy = 0;
            for (int column : new int[] {1, 2, 3, 6, 7, 8}) {
                busy += Long.parseLong(all[column]);
            }
            return new CpuUse(own, busy - own);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    CpuUse since(CpuUse earlier) {
        return new CpuUse(own - earlier.own, others - earlier.others);
    }

    /** Whether the others took less than 2 % of what the processes took. */
    boolean isQuiet() {
        return (double) others / own < 0.02;
    }
}
