package io.bpfagent.bench;

import io.bpfagent.it.Cycles;
import io.bpfagent.it.Footprint;
import io.bpfagent.it.Growth;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a thousand times of attaching and detaching leave in a JVM. */
final class Life implements Chapter {
    private static final int CYCLES = 1_000;
    private static final int QUICK_CYCLES = 100;
    /** After so many there is all that comes once. */
    private static final int WARM_UP = 50;
    private static final int ROWS = 5;
    private static final double NS_PER_MS = 1e6;
    private static final double BYTES_PER_KIB = 1024;

    private final List<String> grown = new ArrayList<>();

    @Override
    public String name() {
        return "life";
    }

    @Override
    public String title() {
        return "A long life";
    }

    @Override
    public String measure(Effort effort) {
        int cycles = effort == Effort.FULL ? CYCLES : QUICK_CYCLES;
        Table table = new Table("after cycle", "file descriptors", "threads", "BPF objects", "classes", "KiB metaspace",
                "KiB heap", "KiB anonymous memory");
        Table each = new Table("", "ms a cycle", "bytes of heap a cycle", "KiB of anonymous memory a cycle");
        Path empty = EmptyAgentJar.make();
        for (Jdk jdk : Jdks.all()) {
            try (Cycles ours = Cycles.in(jdk)) {
                ours.run(WARM_UP);
                Footprint first = ours.weigh();
                row(table, jdk + ", " + WARM_UP, first);
                Growth growth = new Growth();
                growth.add(WARM_UP, first);
                Footprint last = first;
                long tookNs = 0;
                for (int row = 1; row <= ROWS; row++) {
                    long beganNs = System.nanoTime();
                    ours.run(cycles / ROWS);
                    tookNs += System.nanoTime() - beganNs;
                    last = ours.weigh();
                    row(table, jdk + ", " + (WARM_UP + cycles / ROWS * row), last);
                    growth.add(WARM_UP + cycles / ROWS * row, last);
                }
                growth.beyond().forEach(what -> grown.add(jdk + ", " + what));
                perCycle(each, jdk + ", bpf-agent", tookNs, first, last, cycles);
            }
            try (Cycles without = Cycles.in(jdk)) {
                without.load(empty, WARM_UP);
                Footprint first = without.weigh();
                long beganNs = System.nanoTime();
                without.load(empty, cycles);
                long tookNs = System.nanoTime() - beganNs;
                perCycle(each, jdk + ", an agent that does nothing", tookNs, first, without.weigh(), cycles);
            }
        }
        return "One JVM, to which the agent is attached and detached " + cycles + " times, each time with a probe of\n"
                + "the user's own, slow events, pauses and beans, while the application collects garbage, syncs\n"
                + "files and looks up names. Nothing of the agent is left in the kernel at any row, and the chapter\n"
                + "fails when something grows from the first half of the cycles to the second. What is left\n"
                + "of an agent that does nothing is the JDK's: it forgets no agent that was ever loaded.\n\n"
                + table + "\n" + each;
    }

    @Override
    public String problem() {
        return grown.isEmpty() ? "" : "from the first half of the cycles to the second the JVM holds more: "
                + String.join("; ", grown);
    }

    /** A row as soon as it is known: the chapter takes long. */
    private static void row(Table table, String when, Footprint footprint) {
        System.err.println("bin/bench: life, " + when + " cycles: " + footprint);
        table.row(when, footprint.descriptors() + "", footprint.threads() + "", footprint.bpfObjects() + "",
                footprint.classes() + "", footprint.metaspaceKib() + "", footprint.heapKib() + "",
                footprint.anonymousKib() + "");
    }

    private static void perCycle(Table table, String what, long tookNs, Footprint first, Footprint last, int cycles) {
        table.row(what, text(tookNs / NS_PER_MS / cycles),
                text((last.heapKib() - first.heapKib()) * BYTES_PER_KIB / cycles),
                text((last.anonymousKib() - first.anonymousKib()) / (double) cycles));
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.2f" : "%.0f", value);
    }
}
