package io.bpfagent.it.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Await;
import io.bpfagent.it.HostCommand;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.OurBpf;
import io.bpfagent.workload.Errand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
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
    /** What has been left for longer nobody uses. */
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    /** What the host is doing when it is killed. */
    private enum Moment { START, ATTACH, RUN, DETACH }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void leavesNothingThatStays(Jdk jdk) throws IOException, InterruptedException {
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

    private void assertNothingIsLeft(Jdk jdk, OurBpf before, List<Long> killed) throws IOException {
        OurBpf[] left = {before};
        Await.until(SOON, () -> "held by nobody: " + left[0], () -> {
            left[0] = OurBpf.inKernel().without(before);
            if (!left[0].isEmpty()) {
                // Other tests' hosts may have come meanwhile.
                left[0] = left[0].without(heldByLive()).remaining();
            }
            return left[0].isEmpty();
        });
        muchLater();
        try (HostJvm next = host(jdk).start()) {
            next.awaitLine("begin");
            Cli.run(next.pid(), "interval=100ms").assertDone();
            for (long pid : killed) {
                assertFalse(Files.exists(Path.of("/tmp/.bpf-agent-" + pid)), "/tmp/.bpf-agent-" + pid);
            }
            assertEquals(List.of(), ours());
            next.detach();
            next.send("end");
            assertEquals(0, next.awaitExit(), next::report);
        }
    }

    /** Of all JVMs there are. */
    private static OurBpf heldByLive() {
        OurBpf held = new OurBpf(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
        ProcessHandle.allProcesses().filter(process -> process.info().command().orElse("").endsWith("java"))
                .forEach(process -> {
                    if (Files.exists(Path.of("/proc", Long.toString(process.pid()), "fdinfo"))) {
                        OurBpf of = OurBpf.heldBy(process.pid());
                        held.programs().addAll(of.programs());
                        held.maps().addAll(of.maps());
                        held.links().addAll(of.links());
                    }
                });
        return held;
    }

    private List<Path> ours() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().contains("bpf-agent")
                    || file.getFileName().toString().startsWith("hs_err")).toList();
        }
    }

    private void muchLater() throws IOException {
        for (Path file : ours()) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(LONG)));
        }
    }
}
