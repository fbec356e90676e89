package io.bpfagent.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bpfagent.correlation.EventMetric;
import io.bpfagent.correlation.Metric;
import io.bpfagent.correlation.Metrics;
import io.bpfagent.correlation.ThreadMetric;
import io.bpfagent.correlation.ThreadState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeptMetricsTest {
    private static KeptMetrics of(String text) throws ArgumentException {
        return KeptMetrics.of(new Argument("metrics", text, "metrics"));
    }

    private static String refusal(String text) {
        return assertThrows(ArgumentException.class, () -> of(text)).getMessage();
    }

    private static String names(List<? extends Metric> metrics) {
        return metrics.stream().map(Metric::metric).collect(Collectors.joining("+"));
    }

    /** Those of virtual threads come with these, and not by their names. */
    private static List<Metric> nameable() {
        List<Metric> metrics = new ArrayList<>(Metrics.ALL);
        metrics.removeIf(metric -> metric instanceof EventMetric event && event.isOfVirtualThreads());
        return metrics;
    }

    @Test
    void thoseOfVirtualThreadsAreNotNamed() {
        assertEquals("metrics must not name virtual_pinned, which comes with virtual=true, metrics=all+virtual_pinned",
                refusal("all+virtual_pinned"));
    }

    @Test
    void everyNameIsReadBackAsTheSame() throws ArgumentException {
        for (Metric metric : nameable()) {
            KeptMetrics one = of(metric.metric());
            assertEquals(new KeptMetrics(List.of(metric)), one);
            assertEquals(metric.metric(), one.text());
            KeptMetrics more = of("all+" + metric.metric());
            assertTrue(more.keeps(metric), metric.metric());
            assertEquals(more, of(more.text()));
        }
    }

    @Test
    void allLeavesOutWhatIsOnRequest() throws ArgumentException {
        List<Metric> left = nameable();
        left.removeAll(of("all").metrics());
        assertEquals(List.of(EventMetric.MONITOR_CONTENDED, EventMetric.PARK, EventMetric.OBJECT_ALLOC,
                EventMetric.SYSCALL, ThreadMetric.FILE_READ, ThreadMetric.FILE_WRITE, ThreadMetric.SOCKET_READ,
                ThreadMetric.SOCKET_WRITE), left);
        assertFalse(KeptMetrics.ALL.keeps(EventMetric.PARK));
        assertTrue(KeptMetrics.ALL.keeps(ThreadMetric.FILE_SYNC));
    }

    @ParameterizedTest
    @CsvSource({
        "all,39,all", "all+park,40,all+park", "park+all+running,40,all+park",
        "object_alloc+all+park,41,all+park+object_alloc", "running,1,running", "object_alloc,1,object_alloc",
        " dns + runnable ,2,runnable+dns", "block_read+park+runnable,3,runnable+park+block_read",
        "running+running,1,running",
    })
    void readsMetrics(String metrics, int count, String text) throws ArgumentException {
        KeptMetrics kept = of(metrics);
        assertEquals(count, kept.metrics().size());
        assertEquals(text, kept.text());
    }

    @Test
    void allByNameAreAll() throws ArgumentException {
        assertEquals("all", of(names(KeptMetrics.ALL.metrics())).text());
        assertEquals("all+monitor_contended+park+object_alloc+syscall+file_read+file_write+socket_read+socket_write",
                of(names(nameable())).text());
    }

    @Test
    void knowsWhetherCallsOnDescriptorsAreAmongThem() throws ArgumentException {
        assertFalse(of("park+file_open+dns+socket_accept+syscall").keepsCallsOnDescriptors());
        assertTrue(KeptMetrics.ALL.keepsCallsOnDescriptors());
        for (String metric : List.of("file_sync", "socket_connect", "file_read", "file_write", "socket_read",
                "socket_write")) {
            assertTrue(of("park+" + metric).keepsCallsOnDescriptors(), metric);
        }
    }

    @Test
    void allStatesWithoutTheRestAreNotAll() throws ArgumentException {
        String states = names(List.of(ThreadState.values()));
        assertEquals(states, of(states).text());
    }

    @Test
    void keepsStatesThenEventsThenWhatElseThreadsDo() throws ArgumentException {
        assertEquals(List.of(ThreadState.RUNNING, ThreadState.RUNNABLE, EventMetric.GC_PAUSE, EventMetric.PARK,
                ThreadMetric.FILE_OPEN, ThreadMetric.RECLAIM),
                of("reclaim+park+file_open+gc_pause+runnable+running").metrics());
    }

    @Test
    void refusesUnknownMetrics() {
        assertEquals("metrics must be all, or metrics of docs/metrics.md joined by + (nearest: park),"
                + " metrics=running+parked", refusal("running+parked"));
        assertEquals("metrics must be all, or metrics of docs/metrics.md joined by +, metrics=quantum",
                refusal("quantum"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "running+", "+all", "all park", "ALL", "Running"})
    void refusesWhatIsNoName(String text) {
        String message = refusal(text);
        assertTrue(message.contains(" joined by +") && message.endsWith(", metrics=" + text), message);
    }
}
