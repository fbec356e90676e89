package io.bpfagent.it.guest;

import static io.bpfagent.it.guest.Unharmed.assertNothingInKernel;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.bpfagent.it.Await;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.workload.Errand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each function of libbpf that the agent calls fails: its first call, one in the middle, its last. The agent says so,
 * or goes on with so much less and says that; the host works on; and when the agent has gone, nothing of it is left.
 */
class FailingLibbpfIT {
    /** Something of everything that is loaded and attached. */
    private static final String ARGUMENTS = "interval=100ms,counters=cpu_clock,"
            + "trace=io.bpfagent.workload.Errand.untilEnd,"
            + "probe=lookups:uprobe:libc.so.6:getaddrinfo;forks:tp:sched:sched_process_fork,libbpf=";
    /** EPERM, ENOMEM, EINVAL, EBUSY */
    private static final int[] ERRNOS = {1, 12, 22, 16};
    /** The agent waits for the kernel most of the time. */
    private static final int HOSTS = 3;
    private static final Duration SOON = Duration.ofSeconds(90);
    /** So many of the functions are called where nothing fails, and nobody asks what it costs. */
    private static final int LEAST_FUNCTIONS = 23;
    /**
     * Of which nothing is said, for nothing is less: the link is gone all the same; a link without its number is closed
     * with the others and not before; how many CPUs there can be stands elsewhere too.
     */
    private static final Set<String> WITHOUT_CONSEQUENCES = Set.of("bpf_link__destroy", "bpf_link__fd",
            "libbpf_num_possible_cpus");
    /** With which the kernel's own statistics are read, too: those of a program are 0 where it cannot say. */
    private static final Set<String> STATISTICS = Set.of("bpf_program__fd", "bpf_prog_get_info_by_fd");
    /** The kernel has either of two ways, and the message names the one that was tried last. */
    private static final String UPROBES = "bpf_program__attach_uprobe";

    @TempDir
    Path directory;

    /** A call that fails; {@code loads}: before the agent is on. What fails later is told until it succeeds again. */
    private record Call(String function, int nth, int errno, boolean loads) {
        boolean isToBeTold() {
            return loads && !WITHOUT_CONSEQUENCES.contains(function) && (!STATISTICS.contains(function)
                    || function.equals("bpf_program__fd") && nth == 1);
        }

        String name() {
            return function.startsWith(UPROBES) ? UPROBES : function;
        }
    }

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void everyCallMayFail(Jdk jdk) throws InterruptedException {
        Queue<Call> calls = new ConcurrentLinkedQueue<>();
        ExecutorService threads = Executors.newFixedThreadPool(HOSTS);
        try (Failures first = new Failures(jdk, directory.resolve("0"))) {
            calls.addAll(first.calls());
            List<Future<?>> all = new ArrayList<>();
            all.add(threads.submit(() -> first.play(calls)));
            for (int i = 1; i < HOSTS; i++) {
                Path own = directory.resolve(Integer.toString(i));
                all.add(threads.submit(() -> {
                    try (Failures other = new Failures(jdk, own)) {
                        other.play(calls);
                    } catch (AssertionError | RuntimeException e) {
                        calls.clear(); // the others need not go on
                        throw e;
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        } finally {
            calls.clear();
            threads.shutdown();
        }
    }

    /** A host in which call after call fails. One thread uses it. */
    private static final class Failures implements AutoCloseable {
        private final FailingLibbpf libbpf;
        private final HostJvm host;
        private final long descriptors;
        /** By function, as of the moment when the agent was on. */
        private final Map<String, Integer> callsToLoad = new HashMap<>();
        private int cycles;

        Failures(Jdk jdk, Path directory) {
            try {
                libbpf = new FailingLibbpf(Files.createDirectory(directory));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            // Without the JVM's own threads that come and go as it pleases.
            host = HostJvm.of(jdk).jvm("-XX:+UseSerialGC", "-XX:-UseDynamicNumberOfCompilerThreads").main(Errand.class)
                    .start();
            try {
                host.awaitLine("begin");
                cycle(null, 0);
                libbpf.passAll();
                cycle(null, 0);
                descriptors = descriptors();
            } catch (AssertionError | RuntimeException e) {
                host.close();
                throw e;
            }
        }

        /** First, middle and last of each function, as of the cycle in which nothing has failed. */
        List<Call> calls() {
            List<Call> calls = new ArrayList<>();
            int functions = 0;
            for (String function : FailingLibbpf.failing()) {
                int count = libbpf.calls(function);
                functions += count == 0 ? 0 : 1;
                int middle = (callsToLoad.get(function) + 1) / 2;
                for (int nth : new TreeSet<>(List.of(1, Math.max(1, middle), count))) {
                    if (nth > 0 && nth <= count) {
                        calls.add(new Call(function, nth, ERRNOS[calls.size() % ERRNOS.length], nth <= middle));
                    }
                }
            }
            assertTrue(functions >= LEAST_FUNCTIONS, calls::toString);
            return calls;
        }

        void play(Queue<Call> calls) {
            for (Call call = calls.poll(); call != null; call = calls.poll()) {
                libbpf.fail(call.function(), call.nth(), call.errno());
                try {
                    cycle(call, descriptors);
                } catch (AssertionError | RuntimeException e) {
                    calls.clear(); // nor need the others go on
                    throw new AssertionError(call + ": " + e.getMessage(), e);
                }
            }
            libbpf.passAll();
            cycle(null, descriptors);
            for (String line : host.stderr()) {
                if (line.startsWith("bpf-agent: ")) {
                    String phrase = Errors.firstPhrase(line.substring("bpf-agent: ".length()));
                    assertTrue(Errors.headings().contains(phrase), line);
                }
            }
            host.send("end");
            assertEquals(0, host.awaitExit(), host::report);
            assertEquals("end", host.stdout().get(host.stdout().size() - 1));
        }

        /** @param call null: none fails; @param most descriptors afterwards, 0: any number */
        private void cycle(Call call, long most) {
            host.attach(ARGUMENTS + libbpf.library());
            JsonObject status = settled();
            for (String function : FailingLibbpf.failing()) {
                callsToLoad.put(function, libbpf.calls(function));
            }
            boolean failed = status.get("state").getAsString().equals("failed");
            if (failed) {
                String error = status.get("error").getAsString();
                assertTrue(call != null, error);
                Errors.assertExplained(Errors.firstPhrase(error), call.name(), error);
            } else if (call != null && libbpf.hasFailed() && call.isToBeTold()) {
                Await.until(SOON, () -> "nothing said of it: " + host.status() + "\n" + host.report(),
                        () -> host.status().toString().contains(call.name()));
            }
            String work = "work " + ++cycles;
            host.send(work);
            host.awaitLine(work);
            host.detach();
            assertTrue(call == null || call.nth() > 1 || libbpf.hasFailed(), "it was not called");
            assertNothingInKernel(host);
            if (most != 0) {
                // The last answer's may be closed a little later.
                Await.until(SOON, () -> descriptors() + " descriptors where there were " + most,
                        () -> descriptors() <= most);
            }
        }

        private JsonObject settled() {
            JsonObject[] status = new JsonObject[1];
            Await.until(SOON, () -> "neither on nor failed: " + status[0] + "\n" + host.report(), () -> {
                try {
                    status[0] = host.status();
                } catch (UncheckedIOException e) {
                    return false; // not listening yet
                }
                return Set.of("on", "failed").contains(status[0].get("state").getAsString());
            });
            return status[0];
        }

        private long descriptors() {
            try (Stream<Path> entries = Files.list(Path.of("/proc", Long.toString(host.pid()), "fd"))) {
                return entries.count();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            host.close();
        }
    }
}
