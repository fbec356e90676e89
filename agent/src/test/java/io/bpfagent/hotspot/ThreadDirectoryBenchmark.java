package io.bpfagent.hotspot;

import io.bpfagent.correlation.LiveThread;
import io.bpfagent.correlation.ThreadIdentity;
import io.bpfagent.correlation.ThreadKind;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What it takes to look whether the threads of this JVM still have their names, of which there are really so many.
 * {@code bin/bench snapshot} runs it, with java.lang open.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ThreadDirectoryBenchmark {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long STACK_BYTES = 128 * 1024;

    /** A JVM with idle threads, each of which is known. */
    @State(Scope.Thread)
    public static class Host {
        /** How many, besides the JVM's own. */
        @Param({"10", "100", "1000", "10000"})
        public int threads;

        private final CountDownLatch end = new CountDownLatch(1);
        private final List<LiveThread> rows = new ArrayList<>();
        private ProcSelfMemory memory;
        private ThreadIdentities identities;

        /** Begins the threads and has them named. */
        @Setup
        public void begin() throws IOException, InterruptedException {
            CountDownLatch begun = new CountDownLatch(threads);
            for (int i = 0; i < threads; i++) {
                Thread thread = new Thread(null, () -> {
                    begun.countDown();
                    awaitEnd();
                }, "worker-" + i, STACK_BYTES);
                thread.setDaemon(true);
                thread.start();
            }
            begun.await();
            // Known threads are not looked up in memory: by what it would be read makes no difference.
            memory = new ProcSelfMemory();
            identities = HotSpot.probe(memory, null).identities();
            String[] tids = new File("/proc/self/task").list();
            for (String tid : tids) {
                rows.add(new LiveThread(Integer.parseInt(tid), 0, "java", null, null));
            }
            Map<Integer, ThreadIdentity> said = identities.identify(rows);
            rows.replaceAll(row -> new LiveThread(row.tid(), 0, row.comm(), null, said.get(row.tid())));
            long known = said.values().stream().filter(identity -> identity.kind() == ThreadKind.JAVA).count();
            if (known < threads || identities.failures() > 0) {
                throw new IllegalStateException(known + " of " + threads + " threads are known; "
                        + identities.lastFailure());
            }
        }

        private void awaitEnd() {
            try {
                end.await();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        }

        /** Lets the threads go. */
        @TearDown
        public void end() throws IOException {
            end.countDown();
            memory.close();
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

    /** Once per snapshot; nobody has another name. */
    @Benchmark
    public Map<Integer, ThreadIdentity> names(Host host, Cpu cpu) {
        long beganNs = THREADS.getCurrentThreadCpuTime();
        Map<Integer, ThreadIdentity> said = host.identities.identify(host.rows);
        cpu.cpuNs += THREADS.getCurrentThreadCpuTime() - beganNs;
        cpu.reads++;
        return said;
    }
}
