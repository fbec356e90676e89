package io.bpfagent.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bpfagent.report.Probe;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What needs no kernel. */
final class KernelSessionTest {
    private static final String PROBLEM =
            "Cannot map the kernel's memory (pause_records, 524288 bytes): mmap says EPERM.";
    private static final Probe SCHED = new Probe("sched_switch", Probe.ATTACHED, "tp_btf", 7, 61.3);
    private static final Probe BEGIN = new Probe("safepoint__begin", Probe.ATTACHED, "hs_private, 1 site", 0, 0);
    private static final Probe END = new Probe("safepoint__end", Probe.ATTACHED, "hs_private, 2 sites", 0, 0);

    @Test
    void pausesThatCannotBeListedAreAFailureOfTheirProbes() {
        assertEquals(List.of(SCHED, new Probe("safepoint__begin", Probe.FAILED, PROBLEM, 0, 0),
                new Probe("safepoint__end", Probe.FAILED, PROBLEM, 0, 0)),
                KernelSession.withProblem(List.of(SCHED, BEGIN, END), PROBLEM));
    }

    @Test
    void withoutAProblemTheProbesAreWhatTheyAre() {
        assertEquals(List.of(SCHED, BEGIN, END), KernelSession.withProblem(List.of(SCHED, BEGIN, END), null));
        Probe missing = new Probe("safepoint__begin", Probe.UNSUPPORTED, "this libjvm has no notes", 0, 0);
        assertEquals(List.of(missing), KernelSession.withProblem(List.of(missing), PROBLEM));
    }
}
