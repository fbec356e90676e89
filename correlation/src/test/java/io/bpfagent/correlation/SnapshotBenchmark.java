package io.bpfagent.correlation;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What the reader takes for one snapshot, and what it allocates. The memory is direct and written by {@link
 * FakeKernel}, byte by byte as the BPF programs write it; who the threads are is known, as at all reads but a thread's
 * first. {@code bin/bench snapshot} runs it.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SnapshotBenchmark {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long INTERVAL_NS = 1_000_000_000;
    /** As many as {@code histograms=} may ask for, less those that are never handed out. */
    private static final int MOST_PAGES = 32_767 - 148;
    /** A page for each state that a thread was in; a quarter of all is kept for pools. */
    private static final int PAGES_PER_THREAD = 4;
    private static final int FEWEST_PAGES = 64;
    private static final int THREADS_PER_POOL = 50;
    /** Of each thread, so that its pages have as many buckets as those of a JVM that has run for long. */
    private static final int STAYS_BEFORE = 400;
    /** Each so many-th thread opens a file in an interval, too. */
    private static final int OPENS_FILES = 8;
    private static final int LETTERS = 26;
    private static final int HELD = 8;

    /** A JVM's threads, each of which has been parked, runnable and running many times. */
    @State(Scope.Benchmark) // in the scope Thread, Interval would get another one
    public static class Host {
        /** How many. */
        @Param({"10", "100", "1000", "10000"})
        public int threads;

        private final RandomGenerator random = new SplittableRandom(23);
        private final List<FakeThread> all = new ArrayList<>();
        private FakeKernel kernel;
        private Ledger ledger;
        private Map<Integer, ThreadIdentity> unsaid = new HashMap<>();
        private Snapshot latest;

        /** Begins all threads and lets them have a past. */
        @Setup
        public void begin() {
            kernel = new FakeKernel(threads, Math.min(MOST_PAGES, Math.max(FEWEST_PAGES,
                    threads * PAGES_PER_THREAD)));
            ledger = kernel.ledger(live -> {
                Map<Integer, ThreadIdentity> said = unsaid;
                unsaid = Map.of();
                return said;
            });
            for (int i = 0; i < threads; i++) {
                FakeThread thread = kernel.start("java", ThreadState.BLOCKED_PARK);
                all.add(thread);
                unsaid.put(thread.tid, new ThreadIdentity(thread.tid, nameOf(i), ThreadKind.JAVA));
            }
            latest = ledger.read();
            for (int i = 0; i < STAYS_BEFORE; i++) {
                work();
            }
            latest = ledger.read();
        }

        private static String nameOf(int i) {
            int pool = i / THREADS_PER_POOL;
            // A digit would make all of them one pool.
            return "worker-" + (char) ('a' + pool / LETTERS) + (char) ('a' + pool % LETTERS) + "-" + i;
        }

        /** Each thread is woken, gets a CPU, and parks again. */
        void work() {
            for (int i = 0; i < all.size(); i++) {
                FakeThread thread = all.get(i);
                kernel.pass(aWhile());
                kernel.change(thread, ThreadState.RUNNABLE);
                kernel.pass(aWhile());
                kernel.change(thread, ThreadState.RUNNING);
                kernel.pass(aWhile());
                if (i % OPENS_FILES == 0) {
                    kernel.metric(thread, ThreadMetric.FILE_OPEN, aWhile());
                }
                kernel.change(thread, ThreadState.BLOCKED_PARK);
            }
            kernel.pass(INTERVAL_NS);
        }

        /** 8 to 128 us: some 60 buckets, as pages have in practice. */
        private long aWhile() {
            long least = 8_192L << random.nextInt(4);
            return least + random.nextLong(least);
        }
    }

    /** What happens from one read to the next. */
    @State(Scope.Thread)
    public static class Interval {
        /** Not part of the time; it allocates nothing. */
        @Setup(Level.Invocation)
        public void pass(Host host) {
            host.work();
        }
    }

    /** JMH goes by the clock, which shows what else the machine has to do. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Cpu {
        /** CPU time in ns. */
        public long cpuNs;
        /** What took it. */
        public long reads;
    }

    /** What the snapshots keep of what reads allocate. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Kept {
        /** Bytes of one in which no thread has done anything. */
        public long nothingNew;
        /** Bytes of one in which each thread was in three states. */
        public long threeStates;
    }

    /** Of threads that have slept on since the last read. */
    @Benchmark
    public Snapshot nothingNew(Host host, Cpu cpu) {
        host.kernel.pass(INTERVAL_NS);
        return read(host, cpu);
    }

    /** Of threads of which each has been in three states since the last read. */
    @Benchmark
    public Snapshot threeStates(Host host, Interval interval, Cpu cpu) {
        return read(host, cpu);
    }

    private static Snapshot read(Host host, Cpu cpu) {
        long beganNs = THREADS.getCurrentThreadCpuTime();
        Snapshot snapshot = host.ledger.read();
        cpu.cpuNs += THREADS.getCurrentThreadCpuTime() - beganNs;
        cpu.reads++;
        return snapshot;
    }

    /** The histogram of all threads together as HdrHistogram has it, and what reports tell of it. */
    @Benchmark
    public long[] percentiles(Host host) {
        return host.latest.total(ThreadState.RUNNING).percentilesNs(50, 90, 99, 99.9);
    }

    /** Nothing is timed here. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    public void kept(Host host, Kept kept) {
        kept.nothingNew = kept(() -> {
            host.kernel.pass(INTERVAL_NS);
            return host.ledger.read();
        });
        kept.threeStates = kept(() -> {
            host.work();
            return host.ledger.read();
        });
    }

    /** The median of five: the JVM may begin to keep something of its own meanwhile, or let it go. */
    private static long kept(Supplier<Snapshot> read) {
        return LongStream.generate(() -> keptOnce(read)).limit(5).sorted().skip(2).findFirst().orElseThrow();
    }

    private static long keptOnce(Supplier<Snapshot> read) {
        List<Snapshot> held = new ArrayList<>(HELD + 1);
        // What the ledger shares with this one it lets go at the next one.
        held.add(read.get());
        long before = Fuzz.reachableBytes();
        for (int i = 0; i < HELD; i++) {
            held.add(read.get());
        }
        long more = Fuzz.reachableBytes() - before;
        Reference.reachabilityFence(held);
        return more / HELD;
    }
}
