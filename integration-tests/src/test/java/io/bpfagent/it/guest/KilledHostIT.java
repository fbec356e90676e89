package io.bpfagent.it.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.HostCommand;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.LeftFiles;
import io.bpfagent.it.OurBpf;
import io.bpfagent.workload.Errand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code kill -9} of the host at any moment, which lets nobody put anything in order. */
class KilledHostIT {
    private static final String ARGUMENTS = "interval=100ms,trace=io.bpfagent.workload.Errand.untilEnd";
    /** Of the newest JDK; a tenth of the others. */
    private static final int KILLS = 200;
    private static final int HOSTS = 3;
    /** From the JVM's start to "on" are some 600 ms, in a JVM that is there some 300; to go takes as long. */
    private static final int START_MS = 1_000;
    private static final int ATTACH_MS = 600;
    private static final int RUN_MS = 100;
    private static final int DETACH_MS = 500;

    @TempDir
    Path directory;

    /** What the host is doing when it is killed. */
    private enum Moment { START, ATTACH, RUN, DETACH }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void leavesNothingThatStays(Jdk jdk) throws InterruptedException {
        long seed = Long.getLong("it.seed", System.nanoTime());
        int kills = jdk.release() == Jdks.newest().release() ? KILLS : KILLS / 10;
        OurBpf before = OurBpf.inKernel();
        List<Long> killed = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(HOSTS);
        try {
            List<Future<List<Long>>> all = new ArrayList<>();
            for (int i = 0; i < HOSTS; i++) {
                SplittableRandom random = new SplittableRandom(seed + i);
                int part = kills / HOSTS + (i < kills % HOSTS ? 1 : 0);
                all.add(threads.submit(() -> kill(jdk, random, part)));
            }
            for (Future<List<Long>> one : all) {
                killed.addAll(one.get());
            }
            assertEquals(kills, killed.size());
            assertNothingIsLeft(jdk, before, killed);
        } catch (ExecutionException e) {
            throw new AssertionError("with -Dit.seed=" + seed + ": " + e.getCause().getMessage(), e.getCause());
        } catch (AssertionError e) {
            throw new AssertionError("with -Dit.seed=" + seed + ": " + e.getMessage(), e);
        } finally {
            threads.shutdown();
        }
    }

    private HostCommand host(Jdk jdk) {
        // So that attaching does not begin with a wait for the JVM to listen.
        return HostJvm.of(jdk).directory(directory).jvm("-XX:+UseSerialGC", "-XX:+StartAttachListener",
                "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + directory).main(Errand.class);
    }

    /** @return the pids of those that were killed */
    private List<Long> kill(Jdk jdk, SplittableRandom random, int times) {
        List<Long> pids = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            Moment moment = Moment.values()[i % Moment.values().length];
            HostCommand command = host(jdk);
            try (HostJvm host = (moment == Moment.ATTACH ? command : command.agent(ARGUMENTS)).start()) {
                pids.add(host.pid());
                switch (moment) {
                    case START -> pause(random, START_MS);
                    case ATTACH -> {
                        host.awaitLine("begin");
                        aside(() -> host.attach(ARGUMENTS));
                        pause(random, ATTACH_MS);
                    }
                    case RUN -> {
                        host.await("on");
                        pause(random, RUN_MS);
                    }
                    default -> {
                        host.await("on");
                        aside(host::detach);
                        pause(random, DETACH_MS);
                    }
                }
                host.kill();
            }
        }
        return pids;
    }

    private static void pause(SplittableRandom random, int mostMs) {
        try {
            Thread.sleep(random.nextInt(mostMs), random.nextInt(1_000_000));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** It fails when the host is killed. */
    private static void aside(Runnable runnable) {
        Thread thread = new Thread(() -> {
            try {
                runnable.run();
            } catch (AssertionError | RuntimeException e) {
                assertTrue(e.getMessage() == null || !e.getMessage().isEmpty());
            }
        }, "aside");
        thread.setDaemon(true);
        thread.start();
    }

    private void assertNothingIsLeft(Jdk jdk, OurBpf before, List<Long> killed) {
        before.awaitNothingMore();
        LeftFiles.letAge(directory);
        try (HostJvm next = host(jdk).start()) {
            next.awaitLine("begin");
            Cli.run(next.pid(), "interval=100ms").assertDone();
            for (long pid : killed) {
                assertEquals(List.of(), LeftFiles.inTmp(pid));
            }
            assertEquals(List.of(), LeftFiles.in(directory));
            next.detach();
            next.send("end");
            assertEquals(0, next.awaitExit(), next::report);
        }
    }
}
