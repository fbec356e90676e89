package io.bpfagent.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bpfagent.report.Probe;
import java.util.List;
import org.junit.jupiter.api.Test;

class CounterArgumentTest {
    private static Probe probe(String name, String status, String detail) {
        return new Probe(name, status, detail, 0, 0);
    }

    @Test
    void complainsOnceForEachReason() {
        assertEquals(List.of(
                "Cannot count (cycles, llc_loads): it has none. All else works. See TROUBLESHOOTING.md, \"Cannot"
                + " count\".",
                "Cannot count (branches): it is busy. All else works. See TROUBLESHOOTING.md, \"Cannot count\"."),
                CounterArgument.complaints(List.of(probe("sched_switch", Probe.ATTACHED, ""),
                        probe("counter:cycles", Probe.UNSUPPORTED, "it has none"),
                        probe("counter:branches", Probe.FAILED, "it is busy"),
                        probe("counter:llc_loads", Probe.UNSUPPORTED, "it has none"),
                        probe("counter:cpu_clock", Probe.ATTACHED, "on 8 of 8 CPUs"))));
    }

    /** Of a call that has failed the reason is a line of its own. */
    @Test
    void endsASentenceOnce() {
        assertEquals(List.of("Cannot count (cycles): Cannot use a map (x). Try again. All else works. See"
                + " TROUBLESHOOTING.md, \"Cannot count\"."), CounterArgument.complaints(List.of(
                        probe("counter:cycles", Probe.FAILED, "Cannot use a map (x). Try again."))));
    }

    @Test
    void saysNothingWhereAllCount() {
        assertEquals(List.of(), CounterArgument.complaints(List.of(probe("counter:cpu_clock", Probe.ATTACHED, ""))));
        assertEquals(List.of(), CounterArgument.complaints(List.of()));
    }
}
