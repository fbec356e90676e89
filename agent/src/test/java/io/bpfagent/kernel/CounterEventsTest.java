package io.bpfagent.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CounterEventsTest {
    @Test
    void saysWhyInWords() {
        assertEquals("perf_event_open says ENOENT: this machine has no such counter, or the hypervisor under it passes"
                + " none on", CounterEvents.reason(2, "2"));
        assertEquals("perf_event_open says EOPNOTSUPP: this processor cannot count that",
                CounterEvents.reason(95, "2"));
        assertEquals("perf_event_open says EACCES: it needs CAP_PERFMON (kernel.perf_event_paranoid is 4), or a"
                + " security"
                + " module forbids it", CounterEvents.reason(13, "4"));
        assertEquals("perf_event_open says EACCES: it needs CAP_PERFMON, or a security module forbids it",
                CounterEvents.reason(13, null));
        assertEquals("perf_event_open says EPERM: a container's seccomp profile or the kernel's lockdown forbids it",
                CounterEvents.reason(1, "2"));
        assertEquals("perf_event_open says ENOMEM", CounterEvents.reason(12, "2"));
    }
}
