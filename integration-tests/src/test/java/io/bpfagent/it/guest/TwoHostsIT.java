package io.bpfagent.it.guest;

import static io.bpfagent.it.guest.Unharmed.assertEndsAsEver;
import static io.bpfagent.it.guest.Unharmed.assertInKernel;
import static io.bpfagent.it.guest.Unharmed.assertSilent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.it.HostJvm;
import io.bpfagent.it.Jdks.Jdk;
import io.bpfagent.it.OurBpf;
import io.bpfagent.it.Report;
import io.bpfagent.workload.Errand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two JVMs with the agent at the same time. */
class TwoHostsIT {
    @ParameterizedTest
    @MethodSource("io.bpfagent.it.Jdks#all")
    void eachShowsItsOwnThreadsOnlyAndOutlivesTheOther(Jdk jdk) {
        try (HostJvm one = HostJvm.of(jdk).agent("interval=100ms").main(Errand.class).start();
                HostJvm other = HostJvm.of(jdk).agent("interval=100ms").main(Errand.class).start()) {
            one.await("on");
            other.await("on");
            assertOwnThreadsOnly(one);
            assertOwnThreadsOnly(other);

            OurBpf ofOne = assertInKernel(one);
            OurBpf ofOther = assertInKernel(other);
            one.detach();
            ofOne.awaitGone();
            assertEquals(ofOther, ofOther.remaining());
            assertOwnThreadsOnly(other);
            assertEndsAsEver(one, jdk);
            assertEndsAsEver(other, jdk);
            ofOther.awaitGone();
            assertSilent(one);
            assertSilent(other);
        }
    }

    /** A thread that ends between two looks is in one of them only, so that both sides are looked at twice. */
    private static void assertOwnThreadsOnly(HostJvm host) {
        Set<Integer> before = tasks(host);
        Set<Integer> shown = host.freshReport().threads().stream().map(Report.ThreadReport::tid)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<Integer> after = tasks(host);

        Set<Integer> always = new TreeSet<>(before);
        always.retainAll(after);
        assertTrue(shown.containsAll(always), () -> "shown " + shown + " of " + always);
        Set<Integer> strange = new TreeSet<>(shown);
        strange.removeAll(before);
        strange.removeAll(after);
        assertEquals(Set.of(), strange);
    }

    private static Set<Integer> tasks(HostJvm host) {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(host.pid()), "task"))) {
            return tasks.map(task -> Integer.valueOf(task.getFileName().toString()))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
