package io.bpfagent.it.guest;

import static io.bpfagent.it.guest.Unharmed.assertSilent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.Cycles;
import io.bpfagent.it.Footprint;
import io.bpfagent.it.Growth;
import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.workload.LongLife;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the agent leaves in a JVM that lives for months. {@code bin/bench life} does the same a thousand times. */
class LongLifeIT {
    /** After so many there is all that comes once: threads, buffers and tables of the JVM's own, compiled code. */
    private static final int WARM_UP = 10;
    private static final int TIMES = 20;
    /** So often it is looked at; whatever was in use at one of them may be gone at the next. */
    private static final int LOOKS = 4;
    /** 20 agents left 200 MB when libbpf's freed memory stayed in the arenas of C's heap, and 5 since it does not. */
    private static final long ANONYMOUS_KIB = 24_000;
    /** An agent that stayed has a MiB and more each time; the JVM's own tables have come and gone by 300 KiB. */
    private static final long HEAP_KIB = 1_000;

    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void nothingGrows(Jdk jdk) {
        try (Cycles cycles = Cycles.in(jdk)) {
            cycles.run(WARM_UP);
            Growth growth = new Growth();
            Footprint before = cycles.weigh();
            growth.add(0, before);
            for (int look = 1; look <= LOOKS; look++) {
                cycles.run(TIMES / LOOKS);
                growth.add(TIMES / LOOKS * look, cycles.weigh());
            }
            assertEquals(List.of(), growth.beyond(), growth::toString);
            Footprint now = cycles.weigh();
            assertTrue(now.heapKib() <= before.heapKib() + HEAP_KIB
                    && now.anonymousKib() <= before.anonymousKib() + ANONYMOUS_KIB, growth + " " + now);
            cycles.host().send("end");
            assertEquals(0, cycles.host().awaitExit(), cycles.host()::report);
            assertEquals(List.of("begin", "end"), cycles.host().stdout().stream()
                    .filter(line -> !line.startsWith("weight ")).toList());
            assertSilent(cycles.host());
        }
    }

    /** The JVM puts each jar into its class path for good, and opens what is there when a class is not found. */
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void noCopyOfTheJarStaysOpenForEachAttach(Jdk jdk) throws IOException {
        try (HostJvm host = HostJvm.of(jdk).main(LongLife.class).start()) {
            host.awaitLine("begin");
            for (int time = 0; time < 4; time++) {
                Cli.run(host.pid(), "interval=100ms").assertDone();
                Cli.run("detach", host.pid()).assertDone();
            }
            List<String> open = openFiles(host).stream().filter(file -> file.contains("bpf-agent")).toList();
            // One for the class path, one for the libraries that were loaded and their bindings.
            assertTrue(open.size() <= 2, open::toString);
        }
    }

    private static List<String> openFiles(HostJvm host) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(host.pid()), "fd"))) {
            return files.map(LongLifeIT::target).toList();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "closed";
        }
    }
}
