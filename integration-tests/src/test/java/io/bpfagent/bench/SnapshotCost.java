package io.bpfagent.bench;

import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the agent's thread does once an interval: reads all rows and pages, and looks who the threads are. */
final class SnapshotCost implements Chapter {
    private static final double TARGET_US = 2_000;
    private static final int TARGET_THREADS = 1_000;
    /** Less than a reference in a list. */
    private static final double TARGET_BYTES_PER_THREAD = 4;
    /** As many as there are in a minute. */
    private static final int FIRST_READS = 60;
    private static final String ALL = "SnapshotBenchmark.(nothingNew|threeStates|percentiles)"
            + "|ThreadDirectoryBenchmark.names";

    /** Its threads take no CPU beside what is measured. */
    private static final List<String> SERIAL = List.of("-prof", "gc", "-jvmArgs", "-XX:+UseSerialGC");
    /** And nothing is measured while its better code is still being made, which takes long on a busy machine. */
    private static final List<String> COMPILED = List.of("-prof", "gc", "-jvmArgs", "-XX:+UseSerialGC -Xbatch");
    /** Others leave some of what is dead where it is, when they are asked to collect it. */
    private static final List<String> COMPACTING = List.of("-jvmArgs", "-XX:+UseParallelGC");

    /** What JMH has found of one JDK. */
    private record Found(Jmh compiled, Jmh first, Jmh kept) {
        /** The reader and the names together, CPU time. */
        Samples cpuUs(int threads) {
            return sum(compiled.cpuUs("threeStates", threads), compiled.cpuUs("names", threads));
        }

        /** The same by the clock. */
        Samples clockUs(int threads) {
            return sum(compiled.values("threeStates", threads), compiled.values("names", threads));
        }

        /** Iteration by iteration: they have nothing to do with each other. */
        private static Samples sum(Samples rows, Samples names) {
            Samples sum = new Samples();
            for (int i = 0; i < rows.count(); i++) {
                sum.add(rows.at(i) + names.at(i));
            }
            return sum;
        }

        /** What a read allocates and no snapshot has. */
        double garbage(String benchmark, int threads) {
            return compiled.bytes(benchmark, threads) - kept.secondary("kept", threads, benchmark);
        }
    }

    @Override
    public String name() {
        return "snapshot";
    }

    @Override
    public String title() {
        return "A snapshot";
    }

    @Override
    public String measure(Effort effort) {
        boolean quick = effort == Effort.QUICK;
        int[] counts = quick ? new int[] {10, TARGET_THREADS} : new int[] {10, 100, TARGET_THREADS, 10_000};
        Table times = new Table("CPU time, us", "threads", "nothing new", "three states each", "names",
                "the last two together", "the same by the clock", "the first " + FIRST_READS + ", three states each");
        Table bytes = new Table("allocated, bytes", "threads", "nothing new", "of that in no snapshot",
                "three states each", "of that in no snapshot", "names", "a histogram's percentiles", "us by the clock");
        List<String> verdicts = new ArrayList<>();
        for (Jdk jdk : quick ? List.of(Jdks.newest()) : Jdks.all()) {
            Found found = found(jdk, counts, quick);
            for (int threads : counts) {
                times(times, jdk, found, threads);
                bytes(bytes, jdk, found, threads);
            }
            verdicts.add(jdk + ": by CPU time " + found.cpuUs(TARGET_THREADS).verdict(TARGET_US) + ", by the clock "
                    + found.clockUs(TARGET_THREADS).verdict(TARGET_US) + ", memory " + garbageVerdict(found, counts));
        }
        return "What the agent's thread does once an interval: it reads the rows and histogram pages of all threads, of"
                + " which\nnothing is new or each has been in three states (woken, on a CPU, parked), and looks whether"
                + " they have their\nnames still. The kernel's memory is direct and written by a model of the programs;"
                + " the threads with names are\nreal. JMH with its GC profiler, `-XX:+UseSerialGC -Xbatch`. Targets:"
                + " at most 2 ms for " + TARGET_THREADS + " threads in three states\neach and their names; and besides"
                + " the snapshot, which is handed out and does not change any more, nothing\nallocated that grows with"
                + " the threads.\n\n* " + String.join(".\n* ", verdicts) + ".\n\nReads are a second apart: the first"
                + " of a JVM's life, in the last column, are not compiled yet.\n\n" + times + "\nA snapshot has an"
                + " object for each thread, and new numbers of what has changed. From JDK 21 on the JDK makes an\narray"
                + " of all threads when it is asked for them.\n\n" + bytes;
    }

    private static Found found(Jdk jdk, int[] counts, boolean quick) {
        List<String> common = List.of("-p", "threads="
                + IntStream.of(counts).mapToObj(Integer::toString).collect(Collectors.joining(",")), "-jvmArgsAppend",
                "-Xms512m -Xmx512m --add-opens=java.base/java.lang=ALL-UNNAMED");
        List<String> compiled = quick ? List.of("-f", "1", "-wi", "4", "-w", "500ms", "-i", "3", "-r", "300ms")
                : List.of("-f", "2", "-wi", "6", "-w", "500ms", "-i", "4", "-r", "500ms");
        return new Found(Jmh.run(jdk, ALL, joined(common, COMPILED, compiled)),
                Jmh.run(jdk, "SnapshotBenchmark.threeStates", joined(common, SERIAL, List.of("-bm", "ss", "-f", "1",
                        "-wi", "0", "-i", Integer.toString(FIRST_READS)))),
                Jmh.run(jdk, "SnapshotBenchmark.kept", joined(common, COMPACTING, List.of("-f", "1", "-wi", "1", "-i",
                        "1"))));
    }

    @SafeVarargs
    private static List<String> joined(List<String>... parts) {
        return Stream.of(parts).flatMap(List::stream).toList();
    }

    private static void times(Table table, Jdk jdk, Found found, int threads) {
        Jmh compiled = found.compiled();
        table.row(jdk.toString(), Integer.toString(threads), compiled.cpuUs("nothingNew", threads).text("%.0f"),
                compiled.cpuUs("threeStates", threads).text("%.0f"), compiled.cpuUs("names", threads).text("%.0f"),
                found.cpuUs(threads).text("%.0f"), found.clockUs(threads).text("%.0f"),
                found.first().cpuUs("threeStates", threads).text("%.0f"));
    }

    private static void bytes(Table table, Jdk jdk, Found found, int threads) {
        Jmh compiled = found.compiled();
        table.row(jdk.toString(), Integer.toString(threads), bytes(compiled.bytes("nothingNew", threads)),
                bytes(found.garbage("nothingNew", threads)), bytes(compiled.bytes("threeStates", threads)),
                bytes(found.garbage("threeStates", threads)), bytes(compiled.bytes("names", threads)),
                bytes(compiled.bytes("percentiles", threads)), compiled.values("percentiles", threads).text("%.1f"));
    }

    private static String bytes(double bytes) {
        return Samples.number("%.0f", bytes);
    }

    /** How much more of it there is with the most threads than with the fewest, a thread. */
    private static String garbageVerdict(Found found, int[] counts) {
        int most = counts[counts.length - 1];
        Samples more = new Samples();
        for (String benchmark : List.of("nothingNew", "threeStates")) {
            double grown = found.garbage(benchmark, most) - found.garbage(benchmark, counts[0]);
            more.add(grown / (most - counts[0]));
        }
        return (more.most() < TARGET_BYTES_PER_THREAD ? "met" : "**missed**") + " ("
                + Samples.number("%.1f", more.most()) + " bytes a thread)";
    }
}
